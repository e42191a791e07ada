#include "api/doubled_keys.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

namespace hotline::api {
namespace {

namespace json = boost::json;
using Code = json::error_code;

/// The parser makes each object with room for the members that it read, so one with room to spare
/// lost some. That is how the library does it, not what it promises: a suspicion, no proof.
bool lost_members(const json::value& value) {
  if (const auto* object = value.if_object()) {
    return object->capacity() > object->size() ||
           std::ranges::any_of(*object,
                               [](const auto& member) { return lost_members(member.value()); });
  }
  const auto* array = value.if_array();
  return array != nullptr && std::ranges::any_of(*array, lost_members);
}

/// Reads JSON for its names alone.
class KeyWatch {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;

  explicit KeyWatch(FieldErrors& errors) : errors_(errors) {}

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code&) { return enter(true); }
  bool on_array_end(std::size_t, Code&) { return leave(); }
  bool on_object_begin(Code&) { return enter(false); }
  bool on_object_end(std::size_t, Code&) { return leave(); }
  bool on_key_part(json::string_view part, std::size_t, Code&) { return add(part); }
  bool on_key(json::string_view part, std::size_t, Code&) { return add(part) && take_key(); }
  bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
  bool on_string(json::string_view, std::size_t, Code&) { return step(); }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Code&) { return step(); }
  bool on_uint64(std::uint64_t, json::string_view, Code&) { return step(); }
  bool on_double(double, json::string_view, Code&) { return step(); }
  bool on_bool(bool, Code&) { return step(); }
  bool on_null(Code&) { return step(); }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

 private:
  /// An array or object that is open.
  struct Frame {
    bool array = false;
    std::size_t items = 0;  ///< of an array, begun so far
    std::string key;        ///< of an object, the latest
    std::set<std::string, std::less<>> keys;
  };

  bool add(json::string_view part) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool step() {
    if (!open_.empty()) ++open_.back().items;
    return true;
  }
  bool enter(bool array) {
    step();
    open_.push_back({.array = array, .items = 0, .key = {}, .keys = {}});
    return true;
  }
  bool leave() {
    open_.pop_back();
    return true;
  }
  bool take_key() {
    Frame& object = open_.back();
    object.key = std::exchange(key_, {});
    if (!object.keys.insert(object.key).second)
      errors_.add(pointer(), "stands twice in one object");
    return true;
  }
  std::string pointer() const {
    std::string out;
    for (const Frame& frame : open_) {
      out += frame.array ? fmt::format("/{}", frame.items - 1) : pointer_step(frame.key);
    }
    return out;
  }

  FieldErrors& errors_;
  std::vector<Frame> open_;
  std::string key_;
};

}  // namespace

void note_doubled_keys(const json::value& parsed, std::string_view text, FieldErrors& errors) {
  if (!lost_members(parsed)) return;
  json::basic_parser<KeyWatch> parser(json::parse_options{}, errors);
  Code ignored;  // the text was parsed before
  parser.write_some(false, text.data(), text.size(), ignored);
}

}  // namespace hotline::api
