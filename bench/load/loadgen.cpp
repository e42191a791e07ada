// Closed-loop HTTP load: N connections, each with one request under way. Prints throughput and
// latency; with --json one line of JSON.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/json.hpp>

#include "load/connection.hpp"

namespace {

using bench::Connection;
using bench::Figures;
using std::chrono::duration;
using std::chrono::steady_clock;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 12345;
  std::string path = "/v1/tickets";
  unsigned connections = 64;
  unsigned threads = 1;
  double seconds = 5;
  double warm_up_s = 1;
  std::uint64_t count = 0;
  std::string bodies_file;
  std::uint64_t seed = 1;
  std::string source = "bench";
  bool json = false;
};

constexpr std::size_t distinct_bodies = 1024;

void add_options(CLI::App& app, Options& options) {
  app.add_option("--address", options.address, "IP address of the server");
  app.add_option("--port", options.port, "its port")->required();
  app.add_option("--path", options.path, "what is posted to");
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 10'000));
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 256));
  app.add_option("--seconds", options.seconds, "how long to measure")
      ->check(CLI::Range(0.1, 3600.0));
  app.add_option("--warm-up", options.warm_up_s, "seconds before that")
      ->check(CLI::Range(0.0, 600.0));
  app.add_option("--count", options.count, "end after so many requests; 0: by time alone");
  app.add_option("--bodies", options.bodies_file, "post the lines of this file, over and over")
      ->check(CLI::ExistingFile);
  app.add_option("--seed", options.seed, "of the generated tickets");
  app.add_option("--source", options.source, "their `source`; a fresh one makes every ticket new");
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
                          ? bench::generate_bodies(distinct_bodies, options.seed, options.source)
                          : read_lines(options.bodies_file);
  std::vector<bench::PreparedRequest> requests;
  requests.reserve(bodies.size());
  for (const auto& body : bodies) requests.push_back(bench::prepare_request(options.path, body));
  return requests;
}

struct Thread {
  boost::asio::io_context io{1};
  Figures figures;
  std::vector<std::unique_ptr<Connection>> connections;
};

struct Outcome {
  Figures figures;
  double seconds = 0;
};

Outcome measure(const Options& options) {
  const auto requests = prepare(options);
  const boost::asio::ip::tcp::endpoint server{boost::asio::ip::make_address(options.address),
                                              options.port};
  bench::Run run;
  const auto begin = steady_clock::now();
  const auto span = [](double s) {
    return std::chrono::duration_cast<steady_clock::duration>(duration<double>(s));
  };
  run.measure_from = begin + span(options.warm_up_s);
  run.end = run.measure_from + span(options.seconds);
  run.requests_max = options.count;
  std::vector<std::unique_ptr<Thread>> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.push_back(std::make_unique<Thread>());
  for (unsigned i = 0; i < options.connections; ++i) {
    Thread& thread = *threads[i % options.threads];
    thread.connections.push_back(
        std::make_unique<Connection>(thread.io, run, thread.figures, requests));
    thread.connections.back()->start(server);
  }
  std::vector<std::jthread> running;
  for (auto& thread : threads) running.emplace_back([&thread] { thread->io.run(); });
  running.clear();
  Outcome outcome;
  outcome.seconds = duration<double>(steady_clock::now() - run.measure_from).count();
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

double milliseconds(std::chrono::nanoseconds time) {
  return duration<double, std::milli>(time).count();
}

constexpr std::pair<const char*, double> quantiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

void print_json(const Options& options, const Outcome& outcome) {
  const Figures& figures = outcome.figures;
  boost::json::object latency;
  for (const auto& [label, q] : quantiles) {
    latency[label] = milliseconds(figures.latencies.quantile(q));
  }
  latency["max"] = milliseconds(figures.latencies.largest());
  const boost::json::object all{
      {"connections", options.connections},
      {"threads", options.threads},
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
            << " s: " << static_cast<double>(figures.answers) / outcome.seconds << " requests/s, "
            << figures.refused << " refused, " << figures.broken << " connections broken\n"
            << "latency in ms:";
  for (const auto& [label, q] : quantiles) {
    std::cout << ' ' << label << ' ' << milliseconds(figures.latencies.quantile(q));
  }
  std::cout << " max " << milliseconds(figures.latencies.largest()) << '\n';
  if (figures.refused != 0) std::cout << "first refusal:\n" << figures.first_refusal << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Closed-loop HTTP load generator"};
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  const Outcome outcome = measure(options);
  options.json ? print_json(options, outcome) : print_text(options, outcome);
  return outcome.figures.broken == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "loadgen: " << error.what() << '\n';
  return 2;
}
