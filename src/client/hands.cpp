#include "client/hands.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace hotline::client {

Hand::Hand(const Daemon& daemon, std::string name)
    : client_(daemon.client_as(std::move(name))), key_(random_name()) {}

Result<json::value> Hand::post(const std::string& target, const json::object& body) {
  Call call{.method = "POST", .target = target, .body = json::serialize(body)};
  call.idempotency_key = fmt::format("{}-{}", key_, ++calls_);
  const auto answer = body_of(client_.send(call));
  if (answer) return parse_json(*answer);
  return fail(answer.error().code, fmt::format("{}: {}", target, answer.error().detail));
}

Hands::Hands(const Daemon& daemon, const std::string& name, unsigned count) {
  for (unsigned i = 1; i <= count; ++i)
    hands_.emplace_back(daemon, fmt::format("{}-{:02}", name, i));
}

Result<void> Hands::run(const std::vector<Job>& jobs) {
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::optional<Error> failed;
  const auto work = [&](Hand& hand) {
    for (auto i = next++; i < jobs.size(); i = next++) {
      auto done = jobs[i](hand);
      if (done) continue;
      next = jobs.size();
      const std::lock_guard lock(guard);
      if (!failed) failed = std::move(done.error());
    }
  };
  {
    std::vector<std::jthread> threads;
    const auto others = std::min(jobs.size(), hands_.size());
    for (std::size_t i = 1; i < others; ++i) threads.emplace_back([&, i] { work(hands_[i]); });
    work(hands_.front());
  }
  if (failed) return tl::make_unexpected(std::move(*failed));
  return {};
}

}  // namespace hotline::client
