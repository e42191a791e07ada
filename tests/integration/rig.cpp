#include "rig.hpp"

#include <csignal>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hotline::test {

std::filesystem::path source_folder() { return HOTLINE_SOURCE_DIR; }

std::uint16_t free_port() {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
  return acceptor.local_endpoint().port();
}

double metric(const std::string& page, const std::string& name) {
  const auto found = ("\n" + page).find("\n" + name + " ");
  if (found == std::string::npos) return 0;
  return std::stod(page.substr(found + name.size() + 1));
}

Rig::Rig(RigOptions options) : options_(std::move(options)) { start(); }

Rig::~Rig() {
  if (!process_) return;
  try {
    stop();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

std::vector<std::string> Rig::command() const {
  const std::vector<std::string> usual{
      fmt::format("http.port={}", options_.port),
      "http.threads=2",
      "auth.mode=none",
      "catalogue.path=" + (source_folder() / "conf" / "catalogue").string(),
      "deadlines.path=" + (source_folder() / "conf" / "deadlines").string(),
      "storage.path=" + storage().string(),
      "storage.engine=" + options_.engine,
      "storage.cache_mb=16",
      "storage.write_buffer_mb=16"};
  std::vector<std::string> words{HOTLINED};
  for (const auto& all : {usual, options_.settings}) {
    for (const auto& setting : all) words.insert(words.end(), {"--set", setting});
  }
  if (!options_.clock.empty()) words.insert(words.end(), {"--virtual-clock", options_.clock});
  return words;
}

void Rig::start() {
  const auto port_file = folder() / "port";
  std::filesystem::remove(port_file);
  log_file_ = folder() / fmt::format("hotlined-{}.log", ++starts_);
  auto words = command();
  words.insert(words.end(), {"--port-file", port_file.string()});
  process_ = std::make_unique<Child>(std::move(words), folder() / "hotlined.out", log_file_);
  const auto settled = [&] { return std::filesystem::exists(port_file) || !process_->running(); };
  if (!eventually(settled) || !std::filesystem::exists(port_file)) {
    throw std::runtime_error("the daemon does not start: " + log());
  }
  port_ = static_cast<std::uint16_t>(std::stoi(contents_of(port_file)));
}

void Rig::stop() {
  const auto process = std::move(process_);
  process->signal(SIGTERM);
  const auto ended = process->wait();
  if (ended.code != 0)
    ADD_FAILURE() << "the daemon ended with " << ended.code << ":\n" << ended.err;
}

void Rig::kill() {
  const auto process = std::move(process_);
  process->signal(SIGKILL);
  process->wait();
}

std::string Rig::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<std::string> Rig::ctl_command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {HOTLINECTL, "--url", url()});
  return arguments;
}

Ended Rig::ctl(std::vector<std::string> arguments) const {
  return run(folder(), ctl_command(std::move(arguments)));
}

std::string Rig::check_stopped() const {
  const auto checked = ctl({"check", "--store", (storage() / "store").string()});
  return checked.out + checked.err;
}

std::vector<json::value> all_tickets(Web& web, const std::string& query) {
  std::vector<json::value> all;
  std::string cursor;
  do {
    const auto page = web.get("/v1/tickets?limit=200" + query + cursor).json();
    for (const auto& ticket : list(page, "/tickets")) all.push_back(ticket);
    const auto next = at(page, "/next_cursor");
    cursor = next.is_null() ? "" : "&cursor=" + text(page, "/next_cursor");
  } while (!cursor.empty());
  return all;
}

json::value lease_one(Web& web, const std::string& queue) {
  const auto reply = web.post("/v1/queues/" + queue + "/leases", {{"max", 1}, {"wait_s", 10}});
  if (reply.status != 200) throw std::runtime_error("no lease: " + reply.body);
  return at(reply.json(), "/leases/0");
}

}  // namespace hotline::test
