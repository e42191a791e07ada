#include <array>

#include <fmt/format.h>

#include "api/accept.hpp"
#include "api/call.hpp"
#include "api/report.hpp"

// GET /v1/reports/summary: every rate with numerator and denominator.

namespace hotline::api {
namespace {

constexpr std::chrono::days period_max{7'320};
constexpr std::size_t rows_max = 10'000;  ///< of one report, its groups among them; some 2 KiB each

constexpr std::array<std::pair<std::string_view, Dimension>, 5> dimensions{
    {{"department", Dimension::department},
     {"category", Dimension::category},
     {"region", Dimension::region},
     {"channel", Dimension::channel},
     {"type", Dimension::type}}};

struct ReportRequest {
  Period period;
  Dimension group_by = Dimension::all;
  std::string_view group_name;
  std::optional<Step> step;
  std::string_view step_name;
  std::string_view media;
  bool compared = false;  ///< with the period before

  bool grouped() const { return group_by != Dimension::all; }
  std::vector<Period> rows() const {
    return step ? cut_into(*step, period) : std::vector<Period>{};
  }
};

std::optional<Day> query_day(const http::Request& request, std::string_view name,
                             FieldErrors& errors) {
  const std::string* text = request.query_value(name);
  if (text == nullptr) {
    errors.add(std::string(name), "is required, a day like 2021-06-01");
    return std::nullopt;
  }
  const auto day = parse_day(*text);
  if (day) return *day;
  errors.add(std::string(name), day.error().detail);
  return std::nullopt;
}

void read_group(const http::Request& request, ReportRequest& out, FieldErrors& errors) {
  const std::string* text = request.query_value("group_by");
  if (text == nullptr) return;
  for (const auto& [name, dimension] : dimensions) {
    if (name != *text) continue;
    out.group_by = dimension;
    out.group_name = name;
    return;
  }
  errors.add("group_by", "must be one of department, category, region, channel, type");
}

void read_step(const http::Request& request, ReportRequest& out, FieldErrors& errors) {
  const std::string* text = request.query_value("by");
  if (text == nullptr) return;
  for (const auto& [name, step] : steps) {
    if (name != *text) continue;
    out.step = step;
    out.step_name = name;
    return;
  }
  errors.add("by", "must be one of day, week, month, quarter, half_year, year");
}

void read_comparison(const http::Request& request, ReportRequest& out, FieldErrors& errors) {
  const std::string* text = request.query_value("compare");
  if (text == nullptr) return;
  out.compared = *text == "previous";
  if (!out.compared) errors.add("compare", "must be previous: the period before this one (环比)");
}

tl::unexpected<Error> too_many_rows() {
  FieldErrors errors;
  errors.add("by", fmt::format("makes more than {} rows and groups: take a longer step, a shorter "
                               "period, or no group_by",
                               rows_max));
  return tl::make_unexpected(errors.take());
}

Result<ReportRequest> report_request(const http::Request& request) {
  FieldErrors errors;
  ReportRequest out;
  if (auto known = known_query(request, {"from", "to", "group_by", "by", "compare"}); !known) {
    errors.add(std::move(known.error()));
  }
  const auto from = query_day(request, "from", errors);
  const auto to = query_day(request, "to", errors);
  read_group(request, out, errors);
  read_step(request, out, errors);
  read_comparison(request, out, errors);
  if (from && to && *to <= *from) errors.add("to", "must lie after from; it is exclusive");
  if (from && to && *to - *from > period_max) errors.add("to", "lies more than twenty years on");
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  out.period = {*from, *to};
  const auto media =
      preferred(request.header("Accept"), {"application/json", "text/plain", "text/csv"});
  if (!media) {
    return fail(ErrorCode::not_acceptable,
                "a report comes as application/json, text/plain or text/csv");
  }
  out.media = *media;
  return out;
}

/// What was open at some moment, by value of a dimension.
using Open = std::map<std::string, std::int64_t>;

std::int64_t still_open(const Totals& totals) {
  return totals[Figure::received] - totals[Figure::finished] - totals[Figure::declined];
}

/// Makes the sections of one report. Reads rows of counters only, on the read pool.
class Reporting {
 public:
  Reporting(const TicketReader& reader, const ReportRequest& asked, const Catalogue& catalogue)
      : reader_(reader), asked_(asked), catalogue_(catalogue) {}

  Result<Report> make() {
    auto open = open_at(asked_.period.from);
    if (!open) return tl::make_unexpected(open.error());
    auto whole = section(asked_.period, *open);
    if (!whole) return tl::make_unexpected(whole.error());
    Report report{std::move(*whole), asked_.group_name, asked_.step_name, {}};
    for (const Period& period : asked_.rows()) {
      auto row = section(period, *open);
      if (!row) return tl::make_unexpected(row.error());
      *open = left_by(*row);
      report.periods.push_back(std::move(*row));
    }
    if (!asked_.compared) return report;
    auto before = whole_section(period_before(asked_.period));
    if (!before) return tl::make_unexpected(before.error());
    report.before = std::move(*before);
    return report;
  }

 private:
  struct Opening {
    Open all;
    Open groups;
  };

  Result<Section> whole_section(Period period) {
    const auto open = open_at(period.from);
    if (!open) return tl::make_unexpected(open.error());
    return section(period, *open);
  }

  static Opening left_by(const Section& section) {
    Opening out{{{"", section.total.closing()}}, {}};
    for (const Figures& group : section.groups) out.groups.emplace(group.value, group.closing());
    return out;
  }

  Result<Opening> open_at(Day day) const {
    auto all = open_at(day, Dimension::all);
    if (!all) return tl::make_unexpected(all.error());
    if (!asked_.grouped()) return Opening{std::move(*all), {}};
    auto groups = open_at(day, asked_.group_by);
    if (!groups) return tl::make_unexpected(groups.error());
    return Opening{std::move(*all), std::move(*groups)};
  }

  Result<Open> open_at(Day day, Dimension dimension) const {
    const auto before = reader_.counters_before(day, dimension);
    if (!before) return tl::make_unexpected(before.error());
    Open out;
    for (const auto& [value, totals] : *before) out.emplace(value, still_open(totals));
    return out;
  }

  Result<Section> section(Period period, const Opening& open) {
    Section out{period, {}, {}};
    auto total = figures(period, Dimension::all, open.all);
    if (!total) return tl::make_unexpected(total.error());
    if (!total->empty()) out.total = std::move(total->front());
    if (!asked_.grouped()) return out;
    auto groups = figures(period, asked_.group_by, open.groups);
    if (!groups) return tl::make_unexpected(groups.error());
    out.groups = std::move(*groups);
    return out;
  }

  /// One for each value that something was counted for or that was not done when `period` began.
  Result<std::vector<Figures>> figures(Period period, Dimension dimension, const Open& open) {
    auto counted = reader_.counters(period.from, period.to, dimension);
    if (!counted) return tl::make_unexpected(counted.error());
    for (const auto& [value, count] : open) {
      if (count != 0) counted->try_emplace(value);
    }
    rows_ += counted->size();
    if (asked_.step && rows_ > rows_max) return too_many_rows();
    std::vector<Figures> out;
    out.reserve(counted->size());
    for (auto& [value, totals] : *counted) {
      const auto opening = open.find(value);
      out.push_back({value, group_name(dimension, value, catalogue_), totals,
                     opening == open.end() ? 0 : opening->second});
    }
    return out;
  }

  const TicketReader& reader_;
  const ReportRequest& asked_;
  const Catalogue& catalogue_;
  std::size_t rows_ = 0;
};

http::Response report_answer(const Report& report, std::string_view media, const Policy& policy) {
  http::Response response;
  if (media == "text/plain") {
    response.body = report_text(report, policy);
  } else if (media == "text/csv") {
    response.body = report_csv(report, policy);
  } else {
    response.body = report_json(report, policy);
    return response;
  }
  response.content_type = fmt::format("{}; charset=utf-8", media);
  response.headers.emplace_back("Vary", "Accept");
  return response;
}

Answering summary(Call call) {
  const auto asked = report_request(call.request);
  if (!asked) co_return tl::make_unexpected(asked.error());
  auto make = [&reader = call.reader(), request = *asked, catalogue = call.api.parts.catalogue()] {
    return Reporting(reader, request, *catalogue).make();
  };
  const auto report = co_await call.api.reads.run<Report>(std::move(make));
  if (!report) co_return tl::make_unexpected(report.error());
  co_return report_answer(*report, asked->media, *call.engine().policy());
}

}  // namespace

void add_report_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  routes.push_back(guarded(api, http::Verb::get, "/v1/reports/summary", "getSummary",
                           Scope::supervisor | Scope::desk | Scope::metrics | Scope::admin,
                           summary));
}

}  // namespace hotline::api
