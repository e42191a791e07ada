#include <algorithm>
#include <bit>
#include <cstring>
#include <xxhash.h>

#include "classify/model.hpp"
#include "classify/model_layout.hpp"

namespace hotline::classify {
namespace {

template <typename T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <typename T>
void put_at(std::string& out, std::size_t offset, T value) {
  std::memcpy(out.data() + offset, &value, sizeof(T));
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint16_t>(text.size()));
  out.append(text);
}

void put_head(std::string& out, const HeadInfo& head) {
  put(out, static_cast<std::uint8_t>(head.kind));
  put(out, static_cast<std::uint16_t>(head.classes.size()));
  put(out, head.slope);
  put(out, head.rows);
  put(out, static_cast<std::uint16_t>(head.thresholds.size()));
  for (const PrecisionThreshold& threshold : head.thresholds) {
    put(out, threshold.precision);
    put(out, threshold.confidence);
    put(out, threshold.coverage);
    put(out, threshold.rows);
  }
  for (const ClassInfo& info : head.classes) {
    put_text(out, info.label);
    put(out, info.gain);
    put(out, info.bias);
  }
}

void align(std::string& out) {
  out.resize((out.size() + section_alignment - 1) / section_alignment * section_alignment);
}

void put_rows(std::string& out, const ModelContents& contents, std::size_t row_bytes) {
  const std::size_t buckets = std::size_t{1} << contents.settings.buckets_log2;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::size_t end = out.size() + row_bytes;
    for (const auto& term_weights : contents.term_weights) put(out, term_weights[bucket]);
    for (std::size_t head = 0; head < contents.heads.size(); ++head) {
      const std::size_t classes = contents.heads[head].classes.size();
      const std::int8_t* weights = contents.weights[head].data() + bucket * classes;
      for (std::size_t i = 0; i < classes; ++i) put(out, weights[i]);
    }
    out.resize(end);
  }
}

void put_words(std::string& out, std::vector<Word> words) {
  std::sort(words.begin(), words.end(),
            [](const Word& a, const Word& b) { return a.hash < b.hash; });
  for (const Word& word : words) {
    put(out, word.hash);
    out.append(word.text.data(), word.text.size());
  }
}

}  // namespace

std::size_t model_row_bytes(std::size_t heads, std::size_t classes) {
  constexpr std::size_t alignment = 8;
  return (heads + classes + alignment - 1) / alignment * alignment;
}

std::string model_bytes(const ModelContents& contents) {
  static_assert(std::endian::native == std::endian::little);
  std::size_t classes = 0;
  for (const HeadInfo& head : contents.heads) classes += head.classes.size();
  const std::size_t row_bytes = model_row_bytes(contents.heads.size(), classes);
  std::string out(header_bytes, '\0');
  put_text(out, contents.version);
  for (const HeadInfo& head : contents.heads) put_head(out, head);
  align(out);
  const std::uint64_t rows_at = out.size();
  put_rows(out, contents, row_bytes);
  align(out);
  const std::uint64_t words_at = out.size();
  put_words(out, contents.words);
  std::memcpy(out.data(), model_magic.data(), model_magic.size());
  put_at(out, 8, model_format_version);
  put_at(out, 12, features_version);
  put_at(out, 16, static_cast<std::uint64_t>(out.size()));
  put_at(out, 32, rows_at);
  put_at(out, 40, words_at);
  put_at(out, 48, static_cast<std::uint32_t>(contents.words.size()));
  put_at(out, 52, static_cast<std::uint32_t>(row_bytes));
  put_at(out, 56, contents.settings.buckets_log2);
  put_at(out, 57, contents.settings.title_weight);
  put_at(out, 58, contents.settings.title_characters);
  put_at(out, 60, contents.settings.content_characters);
  put_at(out, 62, static_cast<std::uint16_t>(contents.heads.size()));
  put_at(out, checksum_at, model_checksum(out));
  return out;
}

std::uint64_t model_checksum(std::string_view file) {
  return XXH3_64bits(file.data() + checked_from, file.size() - checked_from);
}

}  // namespace hotline::classify
