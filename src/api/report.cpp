#include "api/report.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "api/csv.hpp"
#include "api/json_writer.hpp"

namespace hotline::api {
namespace {

constexpr std::array<std::pair<std::string_view, Figure>, 6> plain_counts{{
    {"finished", Figure::finished},
    {"closed", Figure::closed},
    {"called_back", Figure::called_back},
    {"supervised", Figure::supervised},
    {"redone", Figure::redone},
    {"due", Figure::due},
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
  return out;
}

/// 结转: what came over, came in, went out, and goes over.
std::vector<std::pair<std::string_view, std::int64_t>> flow(const Figures& figures) {
  return {{"opening", figures.opening},
          {"received", figures[Figure::received]},
          {"finished", figures[Figure::finished]},
          {"declined", figures[Figure::declined]},
          {"closing", figures.closing()}};
}

std::optional<std::string> shown_percent(const Rate& rate, const Policy& policy) {
  return percent(rate.numerator, rate.denominator, policy.publishing.decimals);
}

/// The change of each of `rates`, all absent when there is nothing to compare with.
std::vector<std::optional<std::string>> changes(const std::vector<Rate>& rates,
                                                const Figures* before, const Policy& policy) {
  std::vector<std::optional<std::string>> out(rates.size());
  if (before == nullptr) return out;
  const auto old = before->rates(policy);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    out[i] = change_points(rates[i], old[i], policy.publishing.decimals);
  }
  return out;
}

const Figures* group_in(const Section* section, std::string_view value) {
  if (section == nullptr) return nullptr;
  const auto found = std::ranges::find(section->groups, value, &Figures::value);
  return found == section->groups.end() ? nullptr : &*found;
}

bool says_little(const Rate& rate, const Policy& policy) {
  return rate.denominator > 0 && rate.denominator < policy.publishing.small_denominator;
}

void write_rates(JsonWriter& out, const Figures& figures, const Figures* before,
                 const Policy& policy) {
  const auto rates = figures.rates(policy);
  const auto changed = changes(rates, before, policy);
  out.key("rates").begin_object();
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Rate& rate = rates[i];
    out.key(rate.name).begin_object();
    out.field("numerator", rate.numerator).field("denominator", rate.denominator).key("percent");
    const auto shown = shown_percent(rate, policy);
    if (shown) {
      out.value(*shown);
    } else {
      out.null();
    }
    if (says_little(rate, policy)) out.field("small", true);
    if (changed[i]) out.field("change", *changed[i]);
    out.end_object();
  }
  out.end_object();
}

void write_figures(JsonWriter& out, const Figures& figures, const Figures* before,
                   const Policy& policy) {
  for (const auto& [name, count] : counts(figures)) out.field(name, count);
  out.key("flow").begin_object();
  for (const auto& [name, count] : flow(figures)) out.field(name, count);
  out.end_object().key("ratings").begin_object();
  for (const auto& term : satisfaction_terms) out.field(term.name, figures.ratings(term.value));
  out.end_object();
  write_rates(out, figures, before, policy);
}

std::string csv_header(const Report& report, const Policy& policy) {
  const Figures& figures = report.whole.total;
  std::string line = report.periods.empty() ? "" : "first_day,last_day,";
  line += "value,name";
  for (const auto& [name, count] : counts(figures)) line += fmt::format(",{}", name);
  for (const auto& term : satisfaction_terms) line += fmt::format(",{}", term.name);
  for (const auto& rate : figures.rates(policy)) {
    line += fmt::format(",{0}_numerator,{0}_denominator,{0}_percent", rate.name);
    if (report.before) line += fmt::format(",{}_change", rate.name);
  }
  for (const auto& [name, count] : flow(figures)) line += fmt::format(",flow_{}", name);
  return line + "\r\n";
}

/// `before` is given when the sheet compares: empty for a line that has nothing to compare with.
std::string csv_row(const Figures& figures, std::optional<const Figures*> before,
                    const Policy& policy) {
  std::string line = csv_field(figures.value) + ',' + csv_field(figures.name);
  for (const auto& [name, count] : counts(figures)) line += fmt::format(",{}", count);
  for (const auto& term : satisfaction_terms) {
    line += fmt::format(",{}", figures.ratings(term.value));
  }
  const auto rates = figures.rates(policy);
  const auto changed = changes(rates, before.value_or(nullptr), policy);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    line += fmt::format(",{},{},{}", rates[i].numerator, rates[i].denominator,
                        shown_percent(rates[i], policy).value_or(""));
    if (before) line += ',' + changed[i].value_or("");
  }
  for (const auto& [name, count] : flow(figures)) line += fmt::format(",{}", count);
  return line + "\r\n";
}

/// `compared`: the sheet has columns of changes, filled where `before` is not null.
std::string csv_section(const Section& section, const Section* before, bool compared, bool dated,
                        const Policy& policy) {
  const auto& [from, to] = section.period;
  const std::string front =
      dated ? fmt::format("{},{},", format_day(from), format_day(to - std::chrono::days{1})) : "";
  Figures total = section.total;
  total.name = "合计";
  const auto old = [&](const Figures* figures) {
    return compared ? std::optional(figures) : std::nullopt;
  };
  std::string out =
      front + csv_row(total, old(before == nullptr ? nullptr : &before->total), policy);
  for (const auto& group : section.groups) {
    out += front + csv_row(group, old(group_in(before, group.value)), policy);
  }
  return out;
}

void write_section(JsonWriter& out, const Section& section, const Section* before,
                   const Policy& policy) {
  out.key("total").begin_object();
  write_figures(out, section.total, before == nullptr ? nullptr : &before->total, policy);
  out.end_object().key("groups").begin_array();
  for (const auto& group : section.groups) {
    out.begin_object().field("value", group.value).field("name", group.name);
    write_figures(out, group, group_in(before, group.value), policy);
    out.end_object();
  }
  out.end_array();
}

Rate satisfaction_rate(const Figures& figures, const Policy& policy) {
  Rate rate{"satisfaction_rate", 0, 0};
  for (const auto& term : satisfaction_terms) {
    rate.denominator += figures.ratings(term.value);
    if (policy.satisfies(term.value)) rate.numerator += figures.ratings(term.value);
  }
  return rate;
}

/// `,较上期上升1.2个百分点`; empty when there is nothing to compare with.
std::string compared_words(const Rate& now, const Figures* before, const Policy& policy) {
  if (before == nullptr) return {};
  const Rate old = satisfaction_rate(*before, policy);
  const auto change = change_points(now, old, policy.publishing.decimals);
  if (!change) return {};
  if (change->front() != '+' && change->front() != '-') return ",与上期持平";
  return fmt::format(",较上期{}{}个百分点", change->front() == '+' ? "上升" : "下降",
                     change->substr(1));
}

std::string sentence(std::string_view subject, const Figures& figures, const Figures* before,
                     const Policy& policy) {
  std::string out = fmt::format("{},受理{}件,其中直办{}件,转办{}件", subject, figures.accepted(),
                                figures[Figure::direct], figures[Figure::transferred]);
  if (figures.undecided() > 0) out += fmt::format(",待定{}件", figures.undecided());
  const Rate rate = satisfaction_rate(figures, policy);
  const auto shown = shown_percent(rate, policy);
  if (!shown) return out + ",尚无回访评价。\n";
  return out + fmt::format(",回访满意率{}%{}。\n", *shown, compared_words(rate, before, policy));
}

/// A group is named after the period only where there are several.
std::string section_text(const Section& section, const Section* before, bool one_of_several,
                         const Policy& policy) {
  const std::string words = period_words(section.period);
  std::string out =
      sentence(words, section.total, before == nullptr ? nullptr : &before->total, policy);
  for (const auto& group : section.groups) {
    std::string_view known = group.name.empty() ? group.value : group.name;
    if (known.empty()) known = "未定";
    out += sentence(one_of_several ? fmt::format("{}{}", words, known) : std::string(known), group,
                    group_in(before, group.value), policy);
  }
  return out;
}

constexpr std::array<std::int64_t, 3> powers{1, 10, 100};

/// A percentage in units of its last decimal, half up.
std::int64_t units_of(std::int64_t numerator, std::int64_t denominator, int decimals) {
  const std::int64_t scale = 100 * powers.at(static_cast<std::size_t>(decimals));
  return (2 * scale * numerator + denominator) / (2 * denominator);
}

std::string decimal(std::int64_t units, int decimals) {
  const std::int64_t one = powers.at(static_cast<std::size_t>(decimals));
  if (one == 1) return std::to_string(units);
  return fmt::format("{}.{:0{}}", units / one, units % one, decimals);
}

}  // namespace

std::optional<std::string> percent(std::int64_t numerator, std::int64_t denominator, int decimals) {
  if (denominator == 0) return std::nullopt;
  return decimal(units_of(numerator, denominator, decimals), decimals);
}

std::optional<std::string> change_points(const Rate& now, const Rate& before, int decimals) {
  if (now.denominator == 0 || before.denominator == 0) return std::nullopt;
  const std::int64_t change = units_of(now.numerator, now.denominator, decimals) -
                              units_of(before.numerator, before.denominator, decimals);
  const std::string_view sign = change > 0 ? "+" : change < 0 ? "-" : "";
  return fmt::format("{}{}", sign, decimal(std::abs(change), decimals));
}

std::vector<Rate> Figures::rates(const Policy& policy) const {
  const Figures& self = *this;
  const Rate satisfaction = satisfaction_rate(self, policy);
  const std::int64_t leads = self[Figure::lead_assignments];
  const std::int64_t first_leads = self[Figure::first_leads];
  const std::int64_t due = self[Figure::due];
  const std::int64_t transferred = self[Figure::transferred];
  return {
      {"direct_rate", self[Figure::direct], accepted()},
      satisfaction,
      {"callback_coverage", satisfaction.denominator, self[Figure::finished]},
      {"resolution_rate", self[Figure::resolved], self[Figure::resolved_asked]},
      {"contact_in_time_rate", self[Figure::contacted_in_time], leads},
      {"sign_in_time_rate", self[Figure::signed_in_time], leads},
      {"closing_rate", self[Figure::due_finished], due},
      {"answer_in_time_rate", self[Figure::due_in_time], due},
      {"overdue_rate", due - self[Figure::due_in_time], due},
      {"return_rate", self[Figure::returned], leads},
      {"first_dispatch_rate", first_leads - self[Figure::first_leads_returned], first_leads},
      {"in_flow_rate", transferred - self[Figure::transferred_finished], transferred},
      {"redo_rate", self[Figure::redone], self[Figure::finished]},
      {"finish_rate", self[Figure::finished], self[Figure::finished] + closing()},
  };
}

std::string report_json(const Report& report, const Policy& policy) {
  const Section* before = report.before ? &*report.before : nullptr;
  JsonWriter out(2'560 * (report.whole.groups.size() + 1) * (report.periods.size() + 1));
  const auto begin = [&out](Period period) {
    out.begin_object().key("from").value(format_day(period.from));
    out.key("to").value(format_day(period.to));
  };
  begin(report.whole.period);
  write_section(out, report.whole, before, policy);
  if (before != nullptr) {
    out.key("before");
    begin(before->period);
    out.field("name", period_words(before->period));
    write_section(out, *before, nullptr, policy);
    out.end_object();
  }
  if (!report.by.empty()) {
    out.field("by", report.by).key("periods").begin_array();
    for (const auto& section : report.periods) {
      begin(section.period);
      out.field("name", period_words(section.period));
      write_section(out, section, nullptr, policy);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
  return out.take();
}

std::string report_csv(const Report& report, const Policy& policy) {
  const bool dated = !report.periods.empty();
  const Section* before = report.before ? &*report.before : nullptr;
  const bool compared = before != nullptr;
  std::string out =
      csv_header(report, policy) + csv_section(report.whole, before, compared, dated, policy);
  for (const auto& section : report.periods) {
    out += csv_section(section, nullptr, compared, dated, policy);
  }
  return out;
}

std::string report_text(const Report& report, const Policy& policy) {
  const bool several = !report.periods.empty();
  const Section* before = report.before ? &*report.before : nullptr;
  std::string out = section_text(report.whole, before, several, policy);
  for (const auto& section : report.periods) {
    out += section_text(section, nullptr, several, policy);
  }
  return out;
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
