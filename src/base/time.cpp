#include "base/time.hpp"

#include <charconv>
#include <optional>

#include <fmt/compile.h>

namespace hotline {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes fixed-width decimal fields and single characters off the front of a text.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

  int digits(std::size_t width) {
    int value = 0;
    if (rest_.size() < width) return fail();
    const char* end = rest_.data() + width;
    auto [stop, error] = std::from_chars(rest_.data(), end, value);
    if (error != std::errc{} || stop != end || rest_.front() == '-') return fail();
    rest_.remove_prefix(width);
    return value;
  }

  bool one_of(std::string_view accepted) {
    if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) return false;
    taken_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view accepted) { ok_ = ok_ && one_of(accepted); }
  char taken() const { return taken_; }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  char taken_ = 0;
  bool ok_ = true;
};

std::optional<std::chrono::year_month_day> read_date(FieldReader& in) {
  const int year = in.digits(4);
  in.expect("-");
  const int month = in.digits(2);
  in.expect("-");
  const int day = in.digits(2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!in.ok() || !date.ok() || year < 1970) return std::nullopt;
  return date;
}

milliseconds read_fraction(FieldReader& in) {
  int scale = 100;
  int value = 0;
  int count = 0;
  while (in.one_of("0123456789")) {
    value += (in.taken() - '0') * scale;
    scale /= 10;
    ++count;
  }
  if (count == 0) in.expect("0");  // a dot without digits: mark the text as wrong
  return milliseconds{value};
}

std::optional<minutes> read_offset(FieldReader& in) {
  if (in.one_of("Zz")) return minutes{0};
  in.expect("+-");
  const bool negative = in.taken() == '-';
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  if (!in.ok() || hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours{hour} + minutes{minute};
  return negative ? -offset : offset;
}

constexpr std::string_view time_help =
    "not an RFC 3339 time with zone; write it like 2021-06-01T08:00:00+08:00";

}  // namespace

Result<Time> parse_rfc3339(std::string_view text) {
  FieldReader in(text);
  const auto date = read_date(in);
  in.expect("Tt ");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  in.expect(":");
  const int second = in.digits(2);
  const bool fraction = in.ok() && in.one_of(".");
  const milliseconds millis = fraction ? read_fraction(in) : milliseconds{0};
  const auto offset = read_offset(in);
  if (!date || !offset || !in.at_end() || hour > 23 || minute > 59 || second > 59) {
    return fail(ErrorCode::invalid, std::string(time_help));
  }
  return std::chrono::sys_days{*date} + hours{hour} + minutes{minute} + seconds{second} + millis -
         *offset;
}

std::string format_rfc3339(Time time, UtcOffset offset) {
  const Time local = time + offset;
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{local - day};
  std::string out =
      fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0)
    fmt::format_to(std::back_inserter(out), FMT_COMPILE(".{:03}"), clock.subseconds().count());
  const auto size = std::chrono::abs(offset).count();
  out += fmt::format(FMT_COMPILE("{}{:02}:{:02}"), offset.count() < 0 ? '-' : '+', size / 60,
                     size % 60);
  return out;
}

Day local_day(Time time, UtcOffset offset) {
  return Day{std::chrono::floor<days>(time + offset).time_since_epoch()};
}

Time start_of_day(Day day, UtcOffset offset) { return Time{day.time_since_epoch()} - offset; }

Duration time_of_day(Time time, UtcOffset offset) {
  const Time local = time + offset;
  return local - std::chrono::floor<days>(local);
}

Result<Day> parse_day(std::string_view text) {
  FieldReader in(text);
  const auto date = read_date(in);
  if (!date || !in.at_end()) return fail(ErrorCode::invalid, "not a day; write it like 2021-06-01");
  return Day{*date};
}

std::string format_day(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}"), static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace hotline
