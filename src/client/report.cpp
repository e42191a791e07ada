#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "client/commands.hpp"
#include "client/fields.hpp"
#include "client/layout.hpp"
#include "domain/vocabulary.hpp"

namespace hotline::client {
namespace {

struct Title {
  std::string_view key;
  std::string_view chinese;
};

constexpr std::array<Title, 11> figures{{{"received", "受理(收到)"},
                                         {"rejected", "不予受理"},
                                         {"accepted", "受理"},
                                         {"direct", "直办"},
                                         {"transferred", "转办"},
                                         {"undecided", "待定"},
                                         {"finished", "办结"},
                                         {"closed", "结案"},
                                         {"called_back", "已回访"},
                                         {"supervised", "督办"},
                                         {"redone", "重办"}}};
constexpr std::array<Title, 9> rates{{{"direct_rate", "直办率"},
                                      {"satisfaction_rate", "回访满意率"},
                                      {"callback_coverage", "回访覆盖率"},
                                      {"resolution_rate", "解决率"},
                                      {"sign_in_time_rate", "按时签收率"},
                                      {"contact_in_time_rate", "响应率"},
                                      {"answer_in_time_rate", "按时办结率"},
                                      {"redo_rate", "重办率"},
                                      {"finish_rate", "办结率"}}};

std::string percent(const json::value& rate) {
  const auto text_percent = text(rate, "percent");
  return text_percent.empty() ? "-" : fmt::format("{}%", text_percent);
}

std::string fraction(const json::value& rate) {
  return fmt::format("{}/{}", number(rate, "numerator"), number(rate, "denominator"));
}

void print_total(const json::value& total, const Terminal& terminal) {
  using enum Align;
  Table counts({{"指标"}, {"数量", right}});
  for (const auto& [key, title] : figures) {
    if (key == "received" && number(total, "rejected") == 0) continue;
    if (key == "rejected" && number(total, "rejected") == 0) continue;
    counts.row({std::string(title), std::to_string(number(total, key))});
  }
  for (const auto& term : satisfaction_terms) {
    counts.row({fmt::format("  {}", term.chinese),
                std::to_string(number(at(total, "ratings"), term.name))});
  }
  Table shares({{"比率"}, {"百分比", right}, {"分子/分母", right}});
  for (const auto& [key, title] : rates) {
    const auto& rate = at(at(total, "rates"), key);
    shares.row({std::string(title), percent(rate), fraction(rate)});
  }
  terminal.out << counts.str() << '\n' << shares.str();
}

std::string group_name(const json::value& group) {
  const auto value = text(group, "value");
  if (value.empty()) return "(无)";
  const auto name = text(group, "name");
  return name.empty() || name == value ? std::string(value) : fmt::format("{} {}", name, value);
}

void print_groups(const json::value& report, const Terminal& terminal) {
  using enum Align;
  Table table({{"分组"},
               {"受理", right},
               {"直办", right},
               {"转办", right},
               {"待定", right},
               {"办结", right},
               {"直办率", right},
               {"满意率", right},
               {"按时办结率", right},
               {"重办", right}});
  for (const auto& group : list(report, "groups")) {
    const auto& all = at(group, "rates");
    const auto count = [&](std::string_view key) { return std::to_string(number(group, key)); };
    table.row({group_name(group), count("accepted"), count("direct"), count("transferred"),
               count("undecided"), count("finished"), percent(at(all, "direct_rate")),
               percent(at(all, "satisfaction_rate")), percent(at(all, "answer_in_time_rate")),
               count("redone")});
  }
  if (!table.empty()) terminal.out << '\n' << table.str();
}

Result<Day> day_of(std::string_view option, const std::string& word, Day usual) {
  if (word.empty()) return usual;
  const auto day = parse_day(word);
  if (day) return day;
  return fail(ErrorCode::invalid, fmt::format("{}: '{}' is {}", option, word, day.error().detail));
}

Result<std::string> target_of(const ReportOptions& options) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto from = day_of("--from", options.from, local_day(now, options.zone));
  if (!from) return tl::make_unexpected(from.error());
  const auto to = day_of("--to", options.to, *from + std::chrono::days{1});
  if (!to) return tl::make_unexpected(to.error());
  if (*to <= *from) {
    return fail(ErrorCode::invalid,
                fmt::format("--to {} is not after --from {}; it is the day after the last",
                            format_day(*to), format_day(*from)));
  }
  auto target =
      fmt::format("/v1/reports/summary?from={}&to={}", format_day(*from), format_day(*to));
  if (!options.group_by.empty()) target += "&group_by=" + percent_encoded(options.group_by);
  return target;
}

/// `2021-06-01`, or `2021-06-01 至 2021-06-30` with both days in it.
std::string period_words(const json::value& report) {
  const auto from = std::string(text(report, "from"));
  const auto end = parse_day(text(report, "to"));
  const auto last = end ? format_day(*end - std::chrono::days{1}) : from;
  return from == last ? from : fmt::format("{} 至 {}", from, last);
}

std::string accept_of(ReportFormat format) {
  if (format == ReportFormat::sentence) return "text/plain";
  return format == ReportFormat::csv ? "text/csv" : "application/json";
}

}  // namespace

Exit report_command(const Daemon& daemon, const ReportOptions& options, const Terminal& terminal) {
  const auto target = target_of(options);
  if (!target) return refuse(terminal, target.error().detail);
  HttpClient client = daemon.client();
  const auto body =
      body_of(client.send(Call{.target = *target, .accept = accept_of(options.format)}));
  if (!body) return complain(terminal, body.error());
  if (options.format != ReportFormat::table) {
    terminal.out << *body << (body->ends_with('\n') ? "" : "\n");
    return Exit::ok;
  }
  const auto report = parse_json(*body);
  if (!report) return complain(terminal, report.error());
  terminal.out << fmt::format("{}, 按受理日统计\n\n", period_words(*report));
  print_total(at(*report, "total"), terminal);
  print_groups(*report, terminal);
  return Exit::ok;
}

}  // namespace hotline::client
