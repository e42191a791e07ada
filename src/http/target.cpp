#include "http/target.hpp"

#include <algorithm>
#include <utf8.h>

#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>

namespace hotline::http {
namespace {

/// The path and query of an absolute form; an origin form as it is.
std::string_view strip_authority(std::string_view target) {
  if (target.starts_with('/')) return target;
  const std::size_t scheme_end = target.find("//");
  const std::size_t path = target.find_first_of("/?", scheme_end + 2);
  return path == std::string_view::npos ? std::string_view{} : target.substr(path);
}

}  // namespace

Result<std::string> decode_percent(std::string_view raw, Plus plus) {
  const auto encoded = boost::urls::make_pct_string_view(boost::urls::string_view(raw));
  if (!encoded) return fail(ErrorCode::malformed, "broken percent-encoding in the request target");
  boost::urls::encoding_opts options;
  options.space_as_plus = plus == Plus::space;
  std::string text = encoded->decode(options);
  if (text.find('\0') != std::string::npos || !utf8::is_valid(text.begin(), text.end())) {
    return fail(ErrorCode::malformed, "the request target is not UTF-8");
  }
  return text;
}

Result<void> Target::parse(std::string_view target) {
  count_ = 0;
  decoded_count_ = 0;
  query.clear();
  path.clear();
  asterisk_ = target == "*";
  routable_ = !asterisk_;
  if (asterisk_) {
    path.push_back('*');
    return {};
  }
  const std::string_view origin = strip_authority(target);
  const std::size_t question = std::min(origin.find('?'), origin.size());
  const std::string_view raw_path =
      question == 0 ? std::string_view{"/"} : origin.substr(0, question);
  if (auto split = split_path(raw_path); !split) return split;
  if (question == origin.size()) return {};
  return split_query(origin.substr(question + 1));
}

Result<void> Target::split_path(std::string_view raw) {
  auto decoded = raw.find('%') == std::string_view::npos ? Result<std::string>(std::string(raw))
                                                         : decode_percent(raw, Plus::literal);
  if (!decoded) return tl::make_unexpected(std::move(decoded.error()));
  path = std::move(*decoded);
  if (raw == "/") return {};
  std::string_view rest = raw;
  while (!rest.empty()) {
    if (count_ == segments_max) {
      routable_ = false;
      return {};
    }
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    const std::size_t colon = std::min(part.find(':'), part.size());
    auto name = decoded_part(part.substr(0, colon));
    if (!name) return tl::make_unexpected(std::move(name.error()));
    auto suffix = decoded_part(part.substr(colon));
    if (!suffix) return tl::make_unexpected(std::move(suffix.error()));
    segments_[count_++] = {*name, *suffix};
    rest.remove_prefix(end);
  }
  return {};
}

Result<std::string_view> Target::decoded_part(std::string_view raw) {
  if (raw.find('%') == std::string_view::npos) return raw;
  auto text = decode_percent(raw, Plus::literal);
  if (!text) return tl::make_unexpected(std::move(text.error()));
  std::string& kept = decoded_[decoded_count_++];
  kept = std::move(*text);
  return std::string_view{kept};
}

Result<void> Target::split_query(std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find('&'), raw.size());
    const std::string_view pair = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode_percent(pair.substr(0, equals), Plus::space);
    if (!name) return tl::make_unexpected(std::move(name.error()));
    const std::string_view raw_value = pair.substr(std::min(equals + 1, pair.size()));
    auto value = decode_percent(raw_value, Plus::space);
    if (!value) return tl::make_unexpected(std::move(value.error()));
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return {};
}

}  // namespace hotline::http
