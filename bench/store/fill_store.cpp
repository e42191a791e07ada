// Fills a store as a daemon would have: so many tickets dispatched to the departments of the
// shipped catalogue, all but the open ones signed, answered and closed. The daemon's own engine
// does it, many tickets to a batch.
#include <algorithm>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "bench/fixtures/busy_engine.hpp"
#include "bench/fixtures/samples.hpp"
#include "storage/rocks_store.hpp"

namespace {

using bench::BusyEngine;
using hotline::Applied;
using hotline::Command;

struct Options {
  std::filesystem::path path;
  std::size_t tickets = 100'000;
  std::size_t open = 10'000;
};

std::vector<std::string> department_codes() {
  std::vector<std::string> codes;
  const auto catalogue = bench::shipped_catalogue();
  for (const auto& department : catalogue->departments()) codes.push_back(department.code);
  return codes;
}

void close(BusyEngine& engine, std::vector<Applied> tickets) {
  for (const hotline::Move& move :
       {hotline::Move(hotline::Sign{}), hotline::Move(hotline::Answer{"", "已处理完毕。"})}) {
    engine.submit(tickets.size(), [&](std::size_t i) {
      return Command{tickets[i].ticket.id, move,         BusyEngine::clerk(),
                     std::nullopt,         std::nullopt, {}};
    });
  }
}

void fill(const Options& options) {
  hotline::RocksOptions store_options;
  store_options.path = options.path;
  const auto store = hotline::open_rocks_store(store_options);
  if (!store) throw std::runtime_error(store.error().detail);
  hotline::Policy policy;
  policy.callback.transferred = false;  // an answer closes
  BusyEngine engine(**store, policy);
  bench::IntakeCommands commands(department_codes());
  for (std::size_t done = 0; done < options.tickets;) {
    const std::size_t wave = std::min(BusyEngine::wave_max, options.tickets - done);
    auto taken_in = engine.submit(wave, [&](std::size_t) { return commands.next(); });
    // Open ones lie among closed ones everywhere, as in life.
    const std::size_t open_before = done * options.open / options.tickets;
    done += wave;
    const std::size_t open = done * options.open / options.tickets - open_before;
    taken_in.resize(wave - open);
    close(engine, std::move(taken_in));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Fills a store with tickets"};
  Options options;
  app.add_option("--path", options.path, "the store's folder; made when missing")->required();
  app.add_option("--tickets", options.tickets, "how many in all")->check(CLI::Range(1, 10'000'000));
  app.add_option("--open", options.open, "how many of them stay in a department's queue");
  CLI11_PARSE(app, argc, argv);
  if (options.open > options.tickets) throw std::runtime_error("--open is more than --tickets");
  fill(options);
} catch (const std::exception& error) {
  std::cerr << "fill_store: " << error.what() << '\n';
  return 2;
}
