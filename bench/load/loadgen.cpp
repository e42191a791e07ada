// HTTP load: N connections, each with one request under way; as fast as they are answered (closed
// loop) or at a fixed rate of arrivals (open loop). Prints throughput and latency; with --json one
// line of JSON.
#include <chrono>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/json.hpp>

#include "bench/load/bulk.hpp"
#include "bench/load/connection.hpp"

namespace {

using bench::Connection;
using bench::Figures;
using bench::Run;
using std::chrono::duration;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 12345;
  std::string load = "post";
  std::string path = "/v1/tickets";
  unsigned connections = 64;
  unsigned threads = 1;
  double rate = 0;
  double seconds = 5;
  double warm_up_s = 1;
  std::uint64_t count = 0;
  std::string bodies_file;
  bench::TicketsPlan tickets;
  bool json = false;
};

constexpr std::size_t distinct_bodies = 1024;

void add_options(CLI::App& app, Options& options) {
  app.add_option("--address", options.address, "IP address of the server");
  app.add_option("--port", options.port, "its port")->required();
  app.add_option(
         "--load", options.load,
         "post: tickets; bulk: the same, one long request a connection; cycle: lease, sign and "
         "answer those of --department's queue")
      ->check(CLI::IsMember({"post", "bulk", "cycle"}));
  app.add_option("--path", options.path, "what is posted to");
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 10'000));
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 256));
  app.add_option("--rate", options.rate, "open loop: arrivals a second; 0: closed loop")
      ->check(CLI::Range(0.0, 1e6));
  app.add_option("--seconds", options.seconds, "how long to measure")
      ->check(CLI::Range(0.1, 3600.0));
  app.add_option("--warm-up", options.warm_up_s, "seconds before that")
      ->check(CLI::Range(0.0, 600.0));
  app.add_option("--count", options.count, "end after so many units; 0: by time alone");
  app.add_option("--bodies", options.bodies_file, "post the lines of this file, over and over")
      ->check(CLI::ExistingFile);
  app.add_option("--seed", options.tickets.seed, "of the generated tickets");
  app.add_option("--source", options.tickets.source,
                 "their `source`; a fresh one makes every ticket new");
  app.add_option("--department", options.tickets.department,
                 "where they all go; else where their texts lead them");
  app.add_flag("--json", options.json, "one line of JSON instead of text");
}

std::vector<std::string> read_lines(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.empty()) throw std::runtime_error(file + ": no lines");
  return lines;
}

std::vector<bench::PreparedRequest> prepare(const Options& options) {
  const auto bodies = options.bodies_file.empty()
                          ? bench::generate_bodies(distinct_bodies, options.tickets)
                          : read_lines(options.bodies_file);
  std::vector<bench::PreparedRequest> requests;
  requests.reserve(bodies.size());
  for (const auto& body : bodies) {
    requests.push_back(options.load == "bulk" ? bench::prepare_line(body)
                                              : bench::prepare_request(options.path, body));
  }
  return requests;
}

void plan(const Options& options, Run& run) {
  const auto span = [](double s) {
    return std::chrono::duration_cast<Run::Clock::duration>(duration<double>(s));
  };
  run.begin = Run::Clock::now();
  run.measure_from = run.begin + span(options.warm_up_s);
  run.end = run.measure_from + span(options.seconds);
  run.units_max = options.count;
  if (options.rate > 0) run.interval = span(1 / options.rate);
}

struct Thread {
  boost::asio::io_context io{1};
  Figures figures;
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<std::unique_ptr<bench::BulkConnection>> bulks;
};

struct Outcome {
  Figures figures;
  double seconds = 0;
};

Outcome gather(const std::vector<std::unique_ptr<Thread>>& threads) {
  Outcome outcome;
  for (const auto& thread : threads) {
    outcome.figures.latencies.merge(thread->figures.latencies);
    outcome.figures.answers += thread->figures.answers;
    outcome.figures.refused += thread->figures.refused;
    outcome.figures.broken += thread->figures.broken;
    if (outcome.figures.first_refusal.empty()) {
      outcome.figures.first_refusal = thread->figures.first_refusal;
    }
  }
  return outcome;
}

Outcome measure(const Options& options) {
  const auto requests = prepare(options);
  const boost::asio::ip::tcp::endpoint server{boost::asio::ip::make_address(options.address),
                                              options.port};
  const auto script = [&] {
    return options.load == "cycle" ? bench::cycle_script(options.tickets.department)
                                   : bench::post_script(requests);
  };
  std::vector<std::unique_ptr<Thread>> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.push_back(std::make_unique<Thread>());
  Run run;
  plan(options, run);
  for (unsigned i = 0; i < options.connections; ++i) {
    Thread& thread = *threads[i % options.threads];
    if (options.load == "bulk") {
      thread.bulks.push_back(
          std::make_unique<bench::BulkConnection>(thread.io, run, thread.figures, requests));
      thread.bulks.back()->start(server);
      continue;
    }
    thread.connections.push_back(
        std::make_unique<Connection>(thread.io, run, thread.figures, script()));
    thread.connections.back()->start(server);
  }
  std::vector<std::future<void>> running;
  for (auto& thread : threads) {
    running.push_back(std::async(std::launch::async, [&thread] { thread->io.run(); }));
  }
  for (auto& thread : running) thread.get();
  Outcome outcome = gather(threads);
  outcome.seconds = duration<double>(Run::Clock::now() - run.measure_from).count();
  return outcome;
}

constexpr std::pair<const char*, double> quantiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

void print_json(const Options& options, const Outcome& outcome) {
  const Figures& figures = outcome.figures;
  boost::json::object latency;
  for (const auto& [label, q] : quantiles) latency[label] = figures.latencies.quantile_ms(q);
  latency["max"] = figures.latencies.largest_ms();
  const boost::json::object all{
      {"connections", options.connections},
      {"threads", options.threads},
      {"rate", options.rate},
      {"seconds", outcome.seconds},
      {"answers", figures.answers},
      {"per_second", static_cast<double>(figures.answers) / outcome.seconds},
      {"refused", figures.refused},
      {"first_refusal", figures.first_refusal},
      {"broken", figures.broken},
      {"latency_ms", latency}};
  std::cout << boost::json::serialize(all) << '\n';
}

void print_text(const Options& options, const Outcome& outcome) {
  const Figures& figures = outcome.figures;
  std::cout << options.connections << " connections, " << outcome.seconds
            << " s: " << static_cast<double>(figures.answers) / outcome.seconds << " units/s, "
            << figures.refused << " refused, " << figures.broken << " connections broken\n"
            << "latency in ms:";
  for (const auto& [label, q] : quantiles) {
    std::cout << ' ' << label << ' ' << figures.latencies.quantile_ms(q);
  }
  std::cout << " max " << figures.latencies.largest_ms() << '\n';
  if (figures.refused != 0) std::cout << "first refusal:\n" << figures.first_refusal << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"HTTP load generator, closed or open loop"};
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.load == "cycle" && options.tickets.department.empty()) {
    throw std::runtime_error("--load cycle needs --department");
  }
  if (options.load == "bulk" && options.rate > 0) {
    throw std::runtime_error("--load bulk has no --rate: it goes as fast as it is taken");
  }
  const Outcome outcome = measure(options);
  options.json ? print_json(options, outcome) : print_text(options, outcome);
  return outcome.figures.broken == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "loadgen: " << error.what() << '\n';
  return 2;
}
