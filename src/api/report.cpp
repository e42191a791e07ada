#include "api/report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/csv.hpp"
#include "api/json_writer.hpp"

namespace hotline::api {
namespace {

constexpr std::array<std::pair<std::string_view, Figure>, 4> plain_counts{{
    {"finished", Figure::finished},
    {"closed", Figure::closed},
    {"called_back", Figure::called_back},
    {"supervised", Figure::supervised},
}};

/// The counts in the order of the document, with those that are worked out.
std::vector<std::pair<std::string_view, std::int64_t>> counts(const Figures& figures) {
  std::vector<std::pair<std::string_view, std::int64_t>> out{
      {"received", figures[Figure::received]},
      {"rejected", figures[Figure::rejected]},
      {"accepted", figures.accepted()},
      {"direct", figures[Figure::direct]},
      {"transferred", figures[Figure::transferred]},
      {"undecided", figures.undecided()}};
  for (const auto& [name, figure] : plain_counts) out.emplace_back(name, figures[figure]);
  out.emplace_back("redone", figures[Figure::redone]);
  return out;
}

void write_rates(JsonWriter& out, const std::vector<Rate>& rates) {
  out.key("rates").begin_object();
  for (const auto& rate : rates) {
    out.key(rate.name).begin_object();
    out.field("numerator", rate.numerator).field("denominator", rate.denominator).key("percent");
    const auto shown = percent(rate.numerator, rate.denominator);
    if (shown) {
      out.value(*shown);
    } else {
      out.null();
    }
    out.end_object();
  }
  out.end_object();
}

void write_figures(JsonWriter& out, const Figures& figures, const Policy& policy) {
  for (const auto& [name, count] : counts(figures)) out.field(name, count);
  out.key("ratings").begin_object();
  for (const auto& term : satisfaction_terms) out.field(term.name, figures.ratings(term.value));
  out.end_object();
  write_rates(out, figures.rates(policy));
}

/// Quoted when needed (RFC 4180).
std::string csv_header(const Figures& figures, const Policy& policy) {
  std::string line = "value,name";
  for (const auto& [name, count] : counts(figures)) line += fmt::format(",{}", name);
  for (const auto& term : satisfaction_terms) line += fmt::format(",{}", term.name);
  for (const auto& rate : figures.rates(policy)) {
    line += fmt::format(",{0}_numerator,{0}_denominator,{0}_percent", rate.name);
  }
  return line + "\r\n";
}

std::string csv_row(const Figures& figures, const Policy& policy) {
  std::string line = csv_field(figures.value) + ',' + csv_field(figures.name);
  for (const auto& [name, count] : counts(figures)) line += fmt::format(",{}", count);
  for (const auto& term : satisfaction_terms) {
    line += fmt::format(",{}", figures.ratings(term.value));
  }
  for (const auto& rate : figures.rates(policy)) {
    line += fmt::format(",{},{},{}", rate.numerator, rate.denominator,
                        percent(rate.numerator, rate.denominator).value_or(""));
  }
  return line + "\r\n";
}

Rate satisfaction_rate(const Figures& figures, const Policy& policy) {
  Rate rate{"satisfaction_rate", 0, 0};
  for (const auto& term : satisfaction_terms) {
    rate.denominator += figures.ratings(term.value);
    if (policy.satisfies(term.value)) rate.numerator += figures.ratings(term.value);
  }
  return rate;
}

std::string sentence(std::string_view subject, const Figures& figures, const Policy& policy) {
  std::string out = fmt::format("{},受理{}件,其中直办{}件,转办{}件", subject, figures.accepted(),
                                figures[Figure::direct], figures[Figure::transferred]);
  if (figures.undecided() > 0) out += fmt::format(",待定{}件", figures.undecided());
  const Rate rate = satisfaction_rate(figures, policy);
  const auto shown = percent(rate.numerator, rate.denominator);
  out += shown ? fmt::format(",回访满意率{}%。\n", *shown) : std::string(",尚无回访评价。\n");
  return out;
}

std::string day_words(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{}年{}月{}日", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace

std::optional<std::string> percent(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return std::nullopt;
  const std::int64_t tenths = (2'000 * numerator + denominator) / (2 * denominator);
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::int64_t Figures::ratings(Satisfaction level) const {
  const auto first = static_cast<std::size_t>(Figure::very_satisfied);
  return row[first + static_cast<std::size_t>(level) - 1];
}

std::vector<Rate> Figures::rates(const Policy& policy) const {
  const Figures& self = *this;
  const Rate satisfaction = satisfaction_rate(self, policy);
  const std::int64_t leads = self[Figure::lead_assignments];
  return {
      {"direct_rate", self[Figure::direct], accepted()},
      satisfaction,
      {"callback_coverage", satisfaction.denominator, self[Figure::finished]},
      {"resolution_rate", self[Figure::resolved], self[Figure::resolved_asked]},
      {"contact_in_time_rate", self[Figure::contacted_in_time], leads},
      {"sign_in_time_rate", self[Figure::signed_in_time], leads},
      {"answer_in_time_rate", self[Figure::lead_answered_in_time], self[Figure::lead_answered]},
      {"redo_rate", self[Figure::redone], self[Figure::finished]},
      {"finish_rate", self[Figure::finished], accepted()},
  };
}

std::string report_json(const Report& report, const Policy& policy) {
  JsonWriter out(2'048 * (report.groups.size() + 1));
  out.begin_object().key("from").value(format_day(report.from));
  out.key("to").value(format_day(report.to)).field("counted_by", "received_at");
  out.key("total").begin_object();
  write_figures(out, report.total, policy);
  out.end_object().key("groups").begin_array();
  for (const auto& group : report.groups) {
    out.begin_object().field("value", group.value).field("name", group.name);
    write_figures(out, group, policy);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string report_csv(const Report& report, const Policy& policy) {
  std::string out = csv_header(report.total, policy);
  Figures total = report.total;
  total.name = "合计";
  out += csv_row(total, policy);
  for (const auto& group : report.groups) out += csv_row(group, policy);
  return out;
}

std::string report_text(const Report& report, const Policy& policy) {
  std::string out = sentence(period_words(report.from, report.to), report.total, policy);
  for (const auto& group : report.groups) {
    const std::string_view known = group.name.empty() ? group.value : group.name;
    out += sentence(known.empty() ? std::string_view("未定") : known, group, policy);
  }
  return out;
}

std::string period_words(Day from, Day to) {
  using std::chrono::days;
  using std::chrono::months;
  const std::chrono::year_month_day first{from};
  const std::chrono::year_month_day end{to};
  const bool whole_months = first.day() == std::chrono::day{1} && end.day() == std::chrono::day{1};
  const auto month = static_cast<unsigned>(first.month());
  const bool six = (end.year() / end.month()) == (first.year() / first.month()) + months{6};
  if (whole_months && six && (month == 1 || month == 7)) {
    return fmt::format("{}年{}半年", static_cast<int>(first.year()), month == 1 ? "上" : "下");
  }
  if (to - from == days{1}) return day_words(from);
  return fmt::format("{}至{}", day_words(from), day_words(to - days{1}));
}

std::string group_name(Dimension dimension, std::string_view value, const Catalogue& catalogue) {
  const auto name_of = [](const auto* info) {
    return info == nullptr ? std::string() : info->name;
  };
  switch (dimension) {
    case Dimension::all:
      return {};
    case Dimension::department:
      return name_of(catalogue.department(value));
    case Dimension::category:
      return name_of(catalogue.category(value));
    case Dimension::region:
      return name_of(catalogue.region(value));
    case Dimension::channel: {
      const auto known = std::ranges::find(known_channels, value,
                                           [](const auto& channel) { return channel.first; });
      return known == known_channels.end() ? std::string() : std::string(known->second);
    }
    case Dimension::type: {
      const auto type = parse<TicketType>(value);
      return type ? std::string(chinese(*type)) : std::string();
    }
  }
  return {};
}

}  // namespace hotline::api
