#include <array>

#include <fmt/format.h>

#include "api/accept.hpp"
#include "api/call.hpp"
#include "api/report.hpp"

// GET /v1/reports/summary: every rate with numerator and denominator.

namespace hotline::api {
namespace {

constexpr std::chrono::days period_max{3'660};

constexpr std::array<std::pair<std::string_view, Dimension>, 5> dimensions{
    {{"department", Dimension::department},
     {"category", Dimension::category},
     {"region", Dimension::region},
     {"channel", Dimension::channel},
     {"type", Dimension::type}}};

struct ReportRequest {
  Day from{};
  Day to{};
  Dimension group_by = Dimension::all;
  std::string_view group_name;
  std::string_view media;
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

Result<ReportRequest> report_request(const http::Request& request) {
  FieldErrors errors;
  ReportRequest out;
  if (auto known = known_query(request, {"from", "to", "group_by"}); !known) {
    errors.add(std::move(known.error()));
  }
  const auto from = query_day(request, "from", errors);
  const auto to = query_day(request, "to", errors);
  read_group(request, out, errors);
  if (from && to && *to <= *from) errors.add("to", "must lie after from; it is exclusive");
  if (from && to && *to - *from > period_max) errors.add("to", "lies more than ten years on");
  if (!errors.empty()) return tl::make_unexpected(errors.take());
  out.from = *from;
  out.to = *to;
  const auto media =
      preferred(request.header("Accept"), {"application/json", "text/plain", "text/csv"});
  if (!media) {
    return fail(ErrorCode::not_acceptable,
                "a report comes as application/json, text/plain or text/csv");
  }
  out.media = *media;
  return out;
}

Result<Report> make_report(const TicketReader& reader, const ReportRequest& asked,
                           const Catalogue& catalogue) {
  Report report{asked.from, asked.to, asked.group_name, {}, {}};
  auto all = reader.counters(asked.from, asked.to, Dimension::all);
  if (!all) return tl::make_unexpected(std::move(all.error()));
  if (!all->empty()) report.total.row = all->begin()->second;
  if (asked.group_by == Dimension::all) return report;
  auto groups = reader.counters(asked.from, asked.to, asked.group_by);
  if (!groups) return tl::make_unexpected(std::move(groups.error()));
  for (const auto& [value, row] : *groups) {
    report.groups.push_back({value, group_name(asked.group_by, value, catalogue), row});
  }
  return report;
}

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
    return make_report(reader, request, *catalogue);
  };
  const auto report = co_await call.api.reads.run<Report>(std::move(make));
  if (!report) co_return tl::make_unexpected(report.error());
  co_return report_answer(*report, asked->media, call.engine().policy());
}

}  // namespace

void add_report_routes(const std::shared_ptr<Api>& api, std::vector<http::Route>& routes) {
  routes.push_back(guarded(api, http::Verb::get, "/v1/reports/summary", "getSummary",
                           Scope::supervisor | Scope::desk | Scope::metrics | Scope::admin,
                           summary));
}

}  // namespace hotline::api
