#include "bench/load/script.hpp"

#include <stdexcept>

#include <boost/json.hpp>

namespace bench {
namespace {

class PostScript final : public Script {
 public:
  explicit PostScript(const std::vector<PreparedRequest>& requests) : requests_(requests) {}

  std::string_view begin(std::uint64_t number) override {
    request_ = requests_[number % requests_.size()];
    set_serial(request_, number);
    return request_.bytes;
  }
  std::string_view next(std::string_view) override { return {}; }

 private:
  const std::vector<PreparedRequest>& requests_;
  PreparedRequest request_;
};

class CycleScript final : public Script {
 public:
  explicit CycleScript(const std::string& queue)
      : lease_(prepare_request("/v1/queues/" + queue + "/leases", R"({"max":1})").bytes) {}

  std::string_view begin(std::uint64_t) override {
    asked_ = Asked::lease;
    return lease_;
  }

  std::string_view next(std::string_view answer_body) override {
    switch (asked_) {
      case Asked::lease:
        asked_ = Asked::sign;
        return sign(answer_body);
      case Asked::sign:
        asked_ = Asked::answer;
        request_ = prepare_request(path_ + ":answer", R"({"text":"已派人到现场处理完毕。"})").bytes;
        return request_;
      case Asked::answer:
        return {};
    }
    return {};
  }

 private:
  enum class Asked { lease, sign, answer };

  std::string_view sign(std::string_view answer_body) {
    const auto parsed = boost::json::parse(answer_body);
    const auto& leases = parsed.at("leases").as_array();
    if (leases.empty()) throw std::runtime_error("the queue has run dry: fill it with more");
    const auto& lease = leases.front().as_object();
    path_ = "/v1/tickets/" + std::string(lease.at("ticket").at("id").as_string());
    const boost::json::object body{{"receipt", lease.at("receipt")}};
    request_ = prepare_request(path_ + ":sign", boost::json::serialize(body)).bytes;
    return request_;
  }

  const std::string lease_;
  Asked asked_ = Asked::lease;
  std::string path_;
  std::string request_;
};

}  // namespace

std::unique_ptr<Script> post_script(const std::vector<PreparedRequest>& requests) {
  return std::make_unique<PostScript>(requests);
}

std::unique_ptr<Script> cycle_script(const std::string& queue) {
  return std::make_unique<CycleScript>(queue);
}

}  // namespace bench
