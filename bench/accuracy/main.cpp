#include <cstdlib>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/accuracy/measures.hpp"

int main(int argc, char** argv) {
  hotline::bench::Options options;
  std::string only;
  CLI::App app("How well the learned classification decides, measured on real tickets.");
  app.add_option("--tickets", options.tickets, "folder of the data's tickets")->required();
  app.add_option("--only", only, "routing, city, departments, inquiries or cost");
  app.add_option("--c", options.c, "cost of an error");
  app.add_option("--city-c", options.city_c, "the same for the adapted second city");
  app.add_option("--own-times", options.own_times, "weight of a row of the own city");
  app.add_option("--repeats", options.repeats, "of the second city's folds");
  CLI11_PARSE(app, argc, argv);
  const auto wanted = [&](const char* name) { return only.empty() || only == name; };
  try {
    if (wanted("routing")) hotline::bench::measure_routing(options);
    if (wanted("departments")) hotline::bench::measure_departments(options);
    if (wanted("inquiries")) hotline::bench::measure_inquiries(options);
    if (wanted("cost")) hotline::bench::measure_cost(options);
    if (wanted("city")) hotline::bench::measure_second_city(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "quality: {}\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
