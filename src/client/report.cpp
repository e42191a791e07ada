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

constexpr std::array<Title, 12> figures{{{"received", "受理(收到)"},
                                         {"rejected", "不予受理"},
                                         {"accepted", "受理"},
                                         {"direct", "直办"},
                                         {"transferred", "转办"},
                                         {"undecided", "待定"},
                                         {"finished", "办结"},
                                         {"closed", "结案"},
                                         {"called_back", "已回访"},
                                         {"supervised", "督办"},
                                         {"redone", "重办"},
                                         {"due", "应结案"}}};
constexpr std::array<Title, 5> flow{{{"opening", "上期结转"},
                                     {"received", "本期收到"},
                                     {"finished", "本期办结"},
                                     {"declined", "不予受理"},
                                     {"closing", "结转下期"}}};
constexpr std::array<Title, 14> rates{{{"direct_rate", "直办率"},
                                       {"satisfaction_rate", "回访满意率"},
                                       {"callback_coverage", "回访覆盖率"},
                                       {"resolution_rate", "解决率"},
                                       {"sign_in_time_rate", "按时签收率"},
                                       {"contact_in_time_rate", "响应率"},
                                       {"closing_rate", "结案率"},
                                       {"answer_in_time_rate", "按时办结率"},
                                       {"overdue_rate", "超期率"},
                                       {"return_rate", "退单率"},
                                       {"first_dispatch_rate", "首派准确率"},
                                       {"in_flow_rate", "流转率"},
                                       {"redo_rate", "重办率"},
                                       {"finish_rate", "办结率"}}};

/// Marked when it says little.
std::string percent(const json::value& rate) {
  const auto text_percent = text(rate, "percent");
  if (text_percent.empty()) return "-";
  return fmt::format("{}%{}", text_percent, member(rate, "small") == nullptr ? "" : "*");
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
  Table carried({{"结转"}, {"数量", right}});
  for (const auto& [key, title] : flow) {
    carried.row({std::string(title), std::to_string(number(at(total, "flow"), key))});
  }
  terminal.out << counts.str() << '\n' << carried.str() << '\n';
}

void print_rates(const json::value& report, const Terminal& terminal) {
  using enum Align;
  const auto* before = member(report, "before");
  std::vector<Table::Column> columns{{"比率"}, {"百分比", right}, {"分子/分母", right}};
  if (before != nullptr) columns.insert(columns.end(), {{"上期", right}, {"环比(百分点)", right}});
  Table shares(std::move(columns));
  for (const auto& [key, title] : rates) {
    const auto& rate = at(at(at(report, "total"), "rates"), key);
    std::vector<std::string> line{std::string(title), percent(rate), fraction(rate)};
    if (before != nullptr) {
      const auto change = text(rate, "change");
      line.push_back(percent(at(at(at(*before, "total"), "rates"), key)));
      line.emplace_back(change.empty() ? "-" : change);
    }
    shares.row(std::move(line));
  }
  terminal.out << shares.str();
}

/// Says what the mark in the tables means, where there is one.
void print_mark(std::string_view body, const Terminal& terminal) {
  if (body.find(R"("small":true)") == std::string_view::npos) return;
  terminal.out << "\n* 分母较小,仅供参考\n";
}

std::string group_name(const json::value& group) {
  const auto value = text(group, "value");
  if (value.empty()) return "(无)";
  const auto name = text(group, "name");
  return name.empty() || name == value ? std::string(value) : fmt::format("{} {}", name, value);
}

/// One line of the table of groups, or of the rows of a series: its name stands before.
std::vector<std::string> line_of(const json::value& counted) {
  const auto& shares = at(counted, "rates");
  const auto count = [&](std::string_view key) { return std::to_string(number(counted, key)); };
  const auto carried = [&](std::string_view key) {
    return std::to_string(number(at(counted, "flow"), key));
  };
  return {carried("opening"),
          count("accepted"),
          count("direct"),
          count("transferred"),
          count("undecided"),
          count("finished"),
          carried("closing"),
          percent(at(shares, "direct_rate")),
          percent(at(shares, "satisfaction_rate")),
          percent(at(shares, "closing_rate")),
          percent(at(shares, "answer_in_time_rate")),
          count("redone")};
}

/// A table with `names` before the columns of `line_of`.
Table table_of(std::initializer_list<std::string> names) {
  std::vector<Table::Column> columns;
  for (const auto& name : names) columns.push_back({name});
  for (const auto* title : {"上期结转", "受理", "直办", "转办", "待定", "办结", "结转下期",
                            "直办率", "满意率", "结案率", "按时办结率", "重办"}) {
    columns.push_back({title, Align::right});
  }
  return Table(std::move(columns));
}

void add_line(Table& table, std::vector<std::string> names, const json::value& counted) {
  for (auto& cell : line_of(counted)) names.push_back(std::move(cell));
  table.row(std::move(names));
}

void print_groups(const json::value& report, const Terminal& terminal) {
  Table table = table_of({"分组"});
  for (const auto& group : list(report, "groups")) add_line(table, {group_name(group)}, group);
  if (!table.empty()) terminal.out << '\n' << table.str();
}

/// The rows of a series, each with its groups below it.
void print_periods(const json::value& report, const Terminal& terminal) {
  const bool grouped = !list(report, "groups").empty();
  Table table = grouped ? table_of({"时段", "分组"}) : table_of({"时段"});
  for (const auto& period : list(report, "periods")) {
    const std::string words(text(period, "name"));
    std::vector<std::string> names{words};
    if (grouped) names.emplace_back("合计");
    add_line(table, std::move(names), at(period, "total"));
    for (const auto& group : list(period, "groups")) {
      add_line(table, {words, group_name(group)}, group);
    }
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
  if (!options.by.empty()) target += "&by=" + options.by;
  if (options.compared) target += "&compare=previous";
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
  terminal.out << fmt::format("{}\n\n", period_words(*report));
  print_total(at(*report, "total"), terminal);
  print_rates(*report, terminal);
  print_groups(*report, terminal);
  print_periods(*report, terminal);
  print_mark(*body, terminal);
  return Exit::ok;
}

}  // namespace hotline::client
