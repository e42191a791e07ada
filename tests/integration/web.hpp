#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

namespace hotline::test {

namespace json = boost::json;
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reply {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;

  /// Throws when the body is not JSON.
  json::value json() const;
  std::string header(std::string_view name) const;  ///< empty when absent
};

/// The value at a JSON pointer, a copy, so that the document may be a temporary; throws with the
/// whole document when there is none.
json::value at(const json::value& document, std::string_view pointer);
std::string text(const json::value& document, std::string_view pointer);
std::int64_t number(const json::value& document, std::string_view pointer);
json::array list(const json::value& document, std::string_view pointer);
bool has(const json::value& document, std::string_view pointer);

/// One kept-alive connection to a daemon on this machine, not the product's own client, so that
/// both sides do not share a mistake. One thread at a time.
class Web {
 public:
  /// `always` goes with every request.
  explicit Web(std::uint16_t port, Headers always = {});
  ~Web();
  Web(Web&&) noexcept;

  /// Throws when no answer comes, without trying again.
  Reply ask(const std::string& method, const std::string& target, const std::string& body = {},
            const Headers& headers = {});
  Reply get(const std::string& target, const Headers& headers = {});
  Reply post(const std::string& target, const json::object& body, const Headers& headers = {});

 private:
  class Connection;
  std::uint16_t port_;
  Headers always_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hotline::test
