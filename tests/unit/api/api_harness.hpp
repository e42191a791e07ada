#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/api.hpp"
#include "engine/check.hpp"
#include "http/router.hpp"
#include "http/target.hpp"
#include "storage/memory_store.hpp"

namespace hotline::test {

namespace asio = boost::asio;
namespace json = boost::json;
using http::Verb;

/// A small city: the centre's tree D01 with D07 and D08 below it, T01 beside it. What a text says
/// is plain to see.
class SmallCatalogue final : public Catalogue {
 public:
  Classification classify(const ClassifyInput& in) const override {
    Classification out;
    out.type = in.type.value_or(TicketType::help);
    out.region = std::string(in.region);
    out.catalogue_version = version_;
    out.model_version = model_version_;
    const auto says = [&](std::string_view word) {
      return in.content.find(word) != in.content.npos;
    };
    if (says("路灯")) decide(out, "C0301", "D07", Handling::transferred);
    if (says("查询")) decide(out, "C0101", "", Handling::direct);
    if (says("路障")) decide_by_model(out, 0.98);
    if (says("路坑")) decide_by_model(out, 0.6);
    if (says("火灾")) out.emergency = "119";
    if (says("信访")) out.channel_to_tell = "信访局";
    if (category(in.category) != nullptr) out.category = std::string(in.category);
    if (department(in.department) != nullptr) {
      decide(out, out.category, in.department, Handling::transferred);
    }
    return out;
  }
  const std::string& version() const override { return version_; }
  const std::string& model_version() const override { return model_version_; }
  const DepartmentInfo* department(std::string_view code) const override {
    return find(departments_, code);
  }
  const CategoryInfo* category(std::string_view code) const override {
    return find(categories_, code);
  }
  const RegionInfo* region(std::string_view code) const override { return find(regions_, code); }
  const std::vector<DepartmentInfo>& departments() const override { return departments_; }
  const std::vector<CategoryInfo>& categories() const override { return categories_; }
  const std::vector<RegionInfo>& regions() const override { return regions_; }
  std::vector<std::string> subtree(std::string_view code) const override {
    if (code == "D01") return {"D01", "D07", "D08"};
    return {std::string(code)};
  }

 private:
  static void decide(Classification& out, std::string_view category, std::string_view lead,
                     Handling handling) {
    out.category = category;
    out.lead = lead;
    out.handling = handling;
    out.confidence = 0.95;
    out.candidates = {{out.category, out.lead, 0.95}};
    out.reasons = {{"R1", "路灯", 4}};
  }
  /// As sure as `confidence`, where 0.9 would be enough.
  static void decide_by_model(Classification& out, double confidence) {
    decide(out, "C0301", "D08", Handling::transferred);
    out.confidence = confidence;
    out.automatic_from = 0.9;
    out.reasons = {{"model.category", "路障", 0.4}};
  }
  template <typename Info>
  static const Info* find(const std::vector<Info>& all, std::string_view code) {
    const auto found = std::ranges::find(all, code, &Info::code);
    return found == all.end() ? nullptr : &*found;
  }

  std::string version_ = "2021-05";
  std::string model_version_ = "m1";
  std::vector<DepartmentInfo> departments_{{"D01", "市政府", ""},
                                           {"D07", "城市管理局", "D01"},
                                           {"D08", "水务局", "D01"},
                                           {"T01", "镇", ""}};
  std::vector<CategoryInfo> categories_{{"C0101", "查询", "", ""}, {"C0301", "路灯", "", "D07"}};
  std::vector<RegionInfo> regions_{{"341282001", "西城街道", "341282", "T01"}};
};

/// Stands still; engine time moves by `clock:advance`.
class StandingClock final : public Clock {
 public:
  Time now() const override { return *parse_rfc3339("2021-06-01T10:00:00+08:00"); }
};

/// Reads of another store, which throw when told to and are counted.
class BreakingReader final : public StoreReader {
 public:
  explicit BreakingReader(const StoreReader& inner) : inner_(inner) {}
  std::atomic<bool> broken = false;
  /// Records asked for or visited, by space.
  mutable std::array<std::atomic<std::uint64_t>, spaces_end> records{};

  Result<std::vector<std::optional<std::string>>> multi_get(
      std::span<const Key> keys) const override {
    check();
    for (const Key& key : keys) ++records[static_cast<std::size_t>(key.space)];
    return inner_.multi_get(keys);
  }
  Result<void> scan(Space space, std::string_view from, std::string_view to,
                    const Visit& visit) const override {
    check();
    return inner_.scan(space, from, to, counting(space, visit));
  }
  Result<void> scan_back(Space space, std::string_view from, std::string_view to,
                         const Visit& visit) const override {
    check();
    return inner_.scan_back(space, from, to, counting(space, visit));
  }

 private:
  void check() const {
    if (broken) throw std::runtime_error("the reader broke");
  }
  Visit counting(Space space, const Visit& visit) const {
    return [this, space, &visit](std::string_view key, std::string_view value) {
      ++records[static_cast<std::size_t>(space)];
      return visit(key, value);
    };
  }
  const StoreReader& inner_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A body in pieces, and the answer that grew.
class ScriptedStream final : public http::Stream {
 public:
  asio::awaitable<Result<std::string_view>> read() override {
    if (left == 0) co_return fail(ErrorCode::unavailable, "broke off");
    --left;
    const auto at = std::min(used, body.size());
    used += piece_bytes;
    co_return std::string_view(body).substr(at, piece_bytes);
  }
  void begin(http::Response head) override { begun = std::move(head); }
  asio::awaitable<bool> write(std::string piece) override {
    begun->body += piece;
    co_return true;
  }

  std::string body;
  std::size_t piece_bytes = 7;
  std::size_t left = static_cast<std::size_t>(-1);  ///< reads until it breaks off
  std::optional<http::Response> begun;

 private:
  std::size_t used = 0;
};

/// The routes over a real engine and a store in memory, without sockets: requests are made by hand
/// and handlers run on one io_context of the calling thread.
class ApiHarness {
 public:
  explicit ApiHarness(api::Authenticator given = api::Authenticator::none(),
                      bool virtual_clock = true, const Policy& policy = {})
      : auth(std::move(given)),
        engine(store, clock, policy, {}, metrics, 42),
        reads(store),
        reader(reads),
        pool(1),
        router(api::make_routes(parts(virtual_clock))) {
    EXPECT_TRUE(engine.start());
  }
  ~ApiHarness() {
    engine.stop();
    pool.join();
    io.restart();
    io.run();
  }

  /// A request on its way; `answer` is there after `io.run()`.
  struct Exchange {
    http::Request request;
    std::optional<http::Response> answer;
    ScriptedStream stream;
    bool gone = false;  ///< the peer has hung up
    bool threw = false;
  };

  std::shared_ptr<Exchange> begin(Verb method, const std::string& target, std::string body = {},
                                  const Headers& headers = {}) {
    auto exchange = std::make_shared<Exchange>();
    http::Target parsed;
    EXPECT_TRUE(parsed.parse(target)) << target;
    const auto match = router.find(method, parsed.segments());
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << target;
      return exchange;
    }
    http::Request& request = exchange->request;
    const auto& names = router.parameters(match.index);
    for (std::size_t i = 0; i < names.size(); ++i) {
      request.parameters.emplace_back(names[i], match.values[i]);
    }
    request.method = method;
    request.path = parsed.path;
    request.query = parsed.query;
    request.body = std::move(body);
    request.id = "request-1";
    request.peer_gone = [watched = exchange.get()] { return watched->gone; };
    for (const auto& [name, value] : headers) request.headers.insert(name, value);
    if (match.route->stream) exchange->stream.body = std::exchange(request.body, {});
    auto work = match.route->stream ? match.route->stream(request, exchange->stream)
                                    : match.route->handler(request);
    boost::asio::co_spawn(io, std::move(work),
                          [exchange](std::exception_ptr error, http::Response response) {
                            exchange->threw = error != nullptr;
                            auto& begun = exchange->stream.begun;
                            exchange->answer = std::move(begun ? *begun : response);
                          });
    return exchange;
  }

  http::Response send(Verb method, const std::string& target, std::string body = {},
                      const Headers& headers = {}) {
    const auto exchange = begin(method, target, std::move(body), headers);
    io.restart();
    io.run();
    EXPECT_FALSE(exchange->threw);
    return exchange->answer.value_or(http::Response{});
  }
  http::Response get(const std::string& target, const Headers& headers = {}) {
    return send(Verb::get, target, {}, headers);
  }
  http::Response post(const std::string& target, std::string body, const Headers& headers = {}) {
    return send(Verb::post, target, std::move(body), headers);
  }
  /// A move by a person.
  http::Response move(const std::string& target, std::string body, Headers headers = {}) {
    headers.emplace_back("Hotline-Actor", "李四");
    return post(target, std::move(body), headers);
  }
  /// Takes in a ticket and gives its number.
  std::string take_in(const std::string& content = "路灯不亮", const std::string& more = "",
                      const Headers& headers = {}) {
    const auto answer = post(
        "/v1/tickets", R"({"channel":"phone","content":")" + content + '"' + more + '}', headers);
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return text(answer, "/id");
  }

  static json::value parsed(const http::Response& answer) { return json::parse(answer.body); }
  static std::string text(const http::Response& answer, const std::string& pointer) {
    const json::value body = parsed(answer);
    boost::system::error_code error;
    const json::value* found = body.find_pointer(pointer, error);
    if (found == nullptr) return "(absent)";
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
  }
  static std::string header(const http::Response& answer, std::string_view name) {
    const auto found =
        std::ranges::find(answer.headers, name, &std::pair<std::string, std::string>::first);
    return found == answer.headers.end() ? "" : found->second;
  }

  void expect_clean() {
    const auto report = check(store, china_offset);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->findings, 0U);
  }

  api::Authenticator auth;
  Metrics metrics;
  MemoryStore store;
  StandingClock clock;
  Engine engine;
  BreakingReader reads;
  TicketReader reader;
  boost::asio::thread_pool pool;
  std::shared_ptr<const Catalogue> catalogue = std::make_shared<SmallCatalogue>();
  Result<void> ready;
  boost::asio::io_context io;
  http::Router router;

 private:
  api::ApiParts parts(bool virtual_clock) {
    return {
        .engine = engine,
        .reader = reader,
        .auth = auth,
        .metrics = metrics,
        .read_pool = pool,
        .catalogue = [this] { return catalogue; },
        .ready = [this] { return ready; },
        .render_metrics = [] { return std::string("hotline_up 1\n"); },
        .reload = [] { return Result<std::string>("2021-06"); },
        .checkpoint = [](std::string_view name) { return Result<std::string>(std::string(name)); },
        .virtual_clock = virtual_clock};
  }
};

}  // namespace hotline::test
