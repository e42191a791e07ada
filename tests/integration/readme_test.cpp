#include <csignal>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rig.hpp"

// The README's own words, run as they stand there. Only the port is another one, because 12345 may
// be taken, and where the README says ID and RECEIPT stands what was answered before.

namespace hotline::test {
namespace {

struct Readme {
  std::string file;
  std::string id_word;
  std::string receipt_word;
};
std::ostream& operator<<(std::ostream& out, const Readme& readme) { return out << readme.file; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The fenced shell block that holds `words`; throws when there is none.
std::string block_with(const std::string& text, std::string_view words) {
  constexpr std::string_view fence = "```sh\n";
  for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at + 1)) {
    const auto begin = at + fence.size();
    const auto block = text.substr(begin, text.find("\n```", begin) - begin);
    if (block.find(words) != std::string::npos) return block;
  }
  throw std::runtime_error(fmt::format("no shell block has {}", words));
}

std::vector<std::string> lines_of(const std::string& block) {
  std::vector<std::string> lines;
  std::istringstream in(block);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class ReadmeCalls : public ::testing::TestWithParam<Readme> {
 protected:
  ReadmeCalls() : text_(contents_of(source_folder() / GetParam().file)) {
    // A checkout after a build, as the README has it, but with a folder of data of its own.
    const auto bin = folder_.path() / "build" / "release" / "bin";
    std::filesystem::create_directories(bin);
    std::filesystem::create_directory_symlink(source_folder() / "conf", folder_.path() / "conf");
    std::filesystem::create_symlink(HOTLINED, bin / "hotlined");
    std::filesystem::create_symlink(HOTLINECTL, bin / "hotlinectl");
    start();
  }
  ~ReadmeCalls() override {
    daemon_->signal(SIGTERM);
    EXPECT_EQ(daemon_->wait().code, 0);
  }

  std::string block(std::string_view words) const { return block_with(text_, words); }

  /// What a shell in the checkout prints for `words`.
  std::string say(const std::string& words) {
    const auto ended = run(folder_.path(), shell(replaced(words, "127.0.0.1:12345", address_)));
    EXPECT_EQ(ended.code, 0) << words << "\n" << ended.out << ended.err;
    return ended.out;
  }
  json::value ask(const std::string& words) {
    const auto said = say(words);
    EXPECT_EQ(said.find("urn:hotlined:problem"), std::string::npos) << words << "\n" << said;
    return json::parse(said);
  }

 private:
  std::vector<std::string> shell(const std::string& words) const {
    const auto home = folder_.path().string();
    return {"/usr/bin/env",
            "HOME=" + home,
            "no_proxy=*",
            "HOTLINE_URL=http://" + address_,
            "bash",
            "-c",
            fmt::format("cd '{}' && PATH=\"$PWD/build/release/bin:$PATH\"\n{}", home, words)};
  }

  void start() {
    const auto port_file = folder_.path() / "port";
    const auto words = "exec " + block("hotlined --config") + " --set http.port=0 --port-file port";
    daemon_.emplace(shell(words), folder_.path() / "out", folder_.path() / "err");
    const auto settled = [&] { return std::filesystem::exists(port_file) || !daemon_->running(); };
    if (!eventually(settled) || !std::filesystem::exists(port_file)) {
      throw std::runtime_error("the daemon does not start: " + contents_of(folder_.path() / "err"));
    }
    address_ = "127.0.0.1:" + std::to_string(std::stoi(contents_of(port_file)));
  }

  std::string text_;
  StoreFolder folder_;
  std::optional<Child> daemon_;
  std::string address_;
};

TEST_P(ReadmeCalls, DoWhatTheReadmeSays) {
  const auto taken_in = say(block("curl -i"));
  EXPECT_EQ(taken_in.find("HTTP/1.1 201 Created"), 0U) << taken_in;
  EXPECT_EQ(say(block("curl -i")).find("HTTP/1.1 200 OK"), 0U) << "it is safe to repeat";

  const auto moves = lines_of(block("/leases --json"));
  ASSERT_EQ(moves.size(), 3U);
  const auto leased = ask(moves[0]);
  ASSERT_EQ(list(leased, "/leases").size(), 1U) << json::serialize(leased);
  const auto with_names = [&](const std::string& words) {
    return replaced(replaced(words, GetParam().id_word, text(leased, "/leases/0/ticket/id")),
                    GetParam().receipt_word, text(leased, "/leases/0/receipt"));
  };
  EXPECT_EQ(text(ask(with_names(moves[1])), "/status"), "in_progress");
  EXPECT_EQ(text(ask(with_names(moves[2])), "/outcome"), "answered");

  say(block("hotlinectl export tickets"));
  EXPECT_EQ(lines_of(say("cat tickets.jsonl")).size(), 1U);
  EXPECT_EQ(lines_of(say("cat events.jsonl")).size(), 3U) << "taken in, signed, answered";

  std::string all;
  for (const auto& look : lines_of(block("hotlinectl status"))) {
    // A person ends it with Ctrl-C.
    const bool endless = look.find("--watch") != std::string::npos;
    const auto said = say(endless ? "timeout --preserve-status --signal=INT 1 " + look : look);
    EXPECT_FALSE(said.empty()) << look;
    all += said;
  }
  EXPECT_NE(all.find("nothing found"), std::string::npos) << all;
  EXPECT_NE(all.find("hotline_tickets_received_total 1"), std::string::npos) << all;

  const auto bulk = say(block("tickets:bulk"));
  EXPECT_NE(bulk.find(R"("done":true)"), std::string::npos) << bulk;
  EXPECT_NE(bulk.find(R"("refused":0)"), std::string::npos) << bulk;
}

INSTANTIATE_TEST_SUITE_P(Languages, ReadmeCalls,
                         ::testing::Values(Readme{"README.md", "ID", "RECEIPT"},
                                           Readme{"README.zh-CN.md", "工单编号", "领取凭证"}));

}  // namespace
}  // namespace hotline::test
