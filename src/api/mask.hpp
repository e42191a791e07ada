#pragma once

#include <string>
#include <string_view>

namespace hotline::api {

/// 张三丰 → 张**: the first character stays.
std::string mask_name(std::string_view name);

/// 13800005678 → 138****5678. Shorter numbers keep their last two digits only.
std::string mask_phone(std::string_view phone);

/// A free text with every run of digits masked that may be a telephone or identity number: seven
/// digits or more, Arabic, full-width or Chinese, with single blanks, hyphens or brackets between
/// them. Dates written with hyphens stay. Valid UTF-8 in, valid UTF-8 out.
std::string mask_text(std::string_view text);

}  // namespace hotline::api
