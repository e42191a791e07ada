#include "client/progress.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "client/layout.hpp"

namespace hotline::client {
namespace {

constexpr std::size_t bar_columns = 24;
constexpr std::size_t line_columns = 118;
constexpr std::chrono::milliseconds redraw_terminal{200};
constexpr std::chrono::milliseconds redraw_log{5'000};

}  // namespace

double Reach::per_second() const {
  if (elapsed.count() <= 0) return 0;
  return static_cast<double>(done) * 1000.0 / static_cast<double>(elapsed.count());
}

double Reach::share() const {
  if (total == 0) return 0;
  return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
}

std::optional<std::chrono::seconds> Reach::left() const {
  const double rate = per_second();
  if (total == 0 || rate <= 0) return std::nullopt;
  const std::uint64_t rest = total > done ? total - done : 0;
  return std::chrono::seconds{
      static_cast<std::int64_t>(std::ceil(static_cast<double>(rest) / rate))};
}

std::string short_duration(std::chrono::seconds duration) {
  const auto seconds = duration.count();
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
}

std::string progress_line(std::string_view label, const Reach& reach, std::string_view detail) {
  std::string line(label);
  if (reach.total == 0) {
    line += fmt::format(
        "  {}  {:.0f}/s  {}", reach.done, reach.per_second(),
        short_duration(std::chrono::duration_cast<std::chrono::seconds>(reach.elapsed)));
  } else {
    const auto filled = static_cast<std::size_t>(reach.share() * static_cast<double>(bar_columns));
    line += fmt::format(" [{}{}] {:3.0f}%  {}/{}  {:.0f}/s", std::string(filled, '#'),
                        std::string(bar_columns - filled, '-'), std::floor(reach.share() * 100),
                        reach.done, reach.total, reach.per_second());
    const auto left = reach.left();
    if (left) line += fmt::format("  eta {}", short_duration(*left));
  }
  if (!detail.empty()) line += fmt::format("  {}", detail);
  return line;
}

Progress::Progress(std::ostream& out, bool terminal, std::string label, std::uint64_t total,
                   Steady::time_point begun)
    : out_(out),
      terminal_(terminal),
      label_(std::move(label)),
      total_(total),
      begun_(begun),
      drawn_(begun) {}

void Progress::show(std::uint64_t done, std::string_view detail, Steady::time_point now) {
  if (now - drawn_ < (terminal_ ? redraw_terminal : redraw_log)) return;
  drawn_ = now;
  draw(done, detail, now);
}

void Progress::finish(std::uint64_t done, std::string_view detail, Steady::time_point now) {
  draw(done, detail, now);
  if (terminal_) out_ << '\n' << std::flush;
}

void Progress::draw(std::uint64_t done, std::string_view detail, Steady::time_point now) {
  const Reach reach{done, total_,
                    std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_)};
  const std::string line = progress_line(label_, reach, detail);
  if (terminal_) {
    out_ << '\r' << cut(line, line_columns) << "\x1b[K" << std::flush;
  } else {
    out_ << line << '\n' << std::flush;
  }
}

}  // namespace hotline::client
