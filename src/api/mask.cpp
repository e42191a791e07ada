#include "api/mask.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace hotline::api {
namespace {

constexpr std::size_t run_digits_min = 7;
constexpr std::size_t mobile_digits = 11;

std::size_t width_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

constexpr std::array<std::string_view, 13> chinese_digits{"零", "〇", "一", "二", "三", "四", "五",
                                                          "六", "七", "八", "九", "幺", "两"};

bool is_digit(std::string_view c) {
  if (c.size() == 1) return c[0] >= '0' && c[0] <= '9';
  if (c.size() != 3) return false;
  if (c >= "０" && c <= "９") return true;
  return std::ranges::find(chinese_digits, c) != chinese_digits.end();
}

bool is_separator(std::string_view c) {
  return c == " " || c == "-" || c == "(" || c == ")" || c == "－" || c == "（" || c == "）";
}

struct Group {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t digits = 0;
};

/// Groups of digits that follow one another with one separator between them.
struct Chain {
  std::vector<Group> groups;
  std::size_t end = 0;
};

class Masker {
 public:
  explicit Masker(std::string_view text) : text_(text) {}

  std::string run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::string_view c = character(at);
      if (!is_digit(c)) {
        out_ += c;
        at += c.size();
        continue;
      }
      const Chain chain = read_chain(at);
      write_chain(chain, at);
      at = chain.end;
    }
    return std::move(out_);
  }

 private:
  std::string_view character(std::size_t at) const { return text_.substr(at, width_of(text_[at])); }

  Group read_group(std::size_t at) const {
    Group group{at, at, 0};
    while (group.end < text_.size()) {
      const std::string_view c = character(group.end);
      // The check character of an identity number.
      const bool check = group.digits == 17 && (c == "X" || c == "x");
      if (!is_digit(c) && !check) break;
      group.end += c.size();
      ++group.digits;
    }
    return group;
  }

  Chain read_chain(std::size_t at) const {
    Chain chain;
    while (true) {
      chain.groups.push_back(read_group(at));
      chain.end = chain.groups.back().end;
      if (chain.end >= text_.size()) return chain;
      const std::string_view separator = character(chain.end);
      at = chain.end + separator.size();
      if (!is_separator(separator) || at >= text_.size() || !is_digit(character(at))) return chain;
    }
  }

  /// Length in groups of a date like 2021-06-01 at group `i`; 0 when there is none.
  std::size_t date_at(const Chain& chain, std::size_t i) const {
    if (i + 3 > chain.groups.size()) return 0;
    const Group& year = chain.groups[i];
    const std::string_view written = text_.substr(year.begin, year.end - year.begin);
    const bool century = written.starts_with("19") || written.starts_with("20");
    const bool hyphens = text_[year.end] == '-' && text_[chain.groups[i + 1].end] == '-';
    const bool rest = chain.groups[i + 1].digits <= 2 && chain.groups[i + 2].digits <= 2;
    return written.size() == 4 && century && hyphens && rest ? 3 : 0;
  }

  void write_chain(const Chain& chain, std::size_t written) {
    std::size_t i = 0;
    while (i < chain.groups.size()) {
      const std::size_t date = date_at(chain, i);
      std::size_t next = i + (date != 0 ? date : 1);
      while (date == 0 && next < chain.groups.size() && date_at(chain, next) == 0) ++next;
      const std::size_t begin = chain.groups[i].begin;
      const std::size_t end = chain.groups[next - 1].end;
      out_ += text_.substr(written, begin - written);
      if (date != 0) {
        out_ += text_.substr(begin, end - begin);
      } else {
        write_run(begin, end);
      }
      written = end;
      i = next;
    }
  }

  void write_run(std::size_t begin, std::size_t end) {
    std::vector<std::string_view> digits;
    for (std::size_t at = begin; at < end; at += character(at).size()) {
      if (!is_separator(character(at))) digits.push_back(character(at));
    }
    if (digits.size() < run_digits_min) {
      out_ += text_.substr(begin, end - begin);
      return;
    }
    const std::size_t first = digits.size() >= mobile_digits ? 3 : 0;
    const std::size_t last = digits.size() == mobile_digits ? 4 : 2;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const bool shown = i < first || i + last >= digits.size();
      out_ += shown ? digits[i] : std::string_view("*");
    }
  }

  std::string_view text_;
  std::string out_;
};

}  // namespace

std::string mask_name(std::string_view name) {
  if (name.empty()) return {};
  return std::string(name.substr(0, width_of(name[0]))) + "**";
}

std::string mask_phone(std::string_view phone) {
  std::string digits;
  std::ranges::copy_if(phone, std::back_inserter(digits),
                       [](char c) { return c >= '0' && c <= '9'; });
  if (digits.size() < run_digits_min) return std::string(digits.size(), '*');
  return mask_text(digits);
}

std::string mask_text(std::string_view text) { return Masker(text).run(); }

}  // namespace hotline::api
