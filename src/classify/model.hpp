#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "classify/features.hpp"

namespace hotline::classify {

/// What a head of a model decides. Stored numbers.
enum class HeadKind : std::uint8_t {
  category = 0,    ///< labels are catalogue codes of categories
  department = 1,  ///< labels are department codes
  inquiry = 2,     ///< whether the text is an inquiry (咨询); one class, without competition
};
inline constexpr std::size_t head_kinds = 3;

/// From which confidence on a share `precision` of decisions is right, by rows that the model did
/// not learn from.
struct PrecisionThreshold {
  float precision = 0;
  float confidence = 0;    ///< `out_of_reach`: no confidence gives this precision
  float coverage = 0;      ///< share of those rows at or above it
  std::uint32_t rows = 0;  ///< that a proof of this precision needs at least
};
inline constexpr float out_of_reach = 2;

struct ClassInfo {
  std::string label;
  float gain = 0;
  float bias = 0;
};

struct HeadInfo {
  HeadKind kind = HeadKind::category;
  float slope = 1;                             ///< of scores, before softmax or logistic function
  std::uint32_t rows = 0;                      ///< that it was trained on
  std::vector<PrecisionThreshold> thresholds;  ///< ascending by precision
  std::vector<ClassInfo> classes;
};

/// An n-gram that explains decisions.
struct Word {
  std::uint32_t hash = 0;
  std::array<char, 12> text{};  ///< UTF-8, zeros after it
};

inline constexpr std::size_t classes_max = 1'024;  ///< of all heads together
inline constexpr std::size_t model_bytes_max = 64UL << 20;

/// How often a bucket was hit, as the scores count it: sublinear, in sixteenths.
std::uint32_t term_count(std::uint32_t count);

/// A probability for each of the best classes of one head, best first.
struct Guess {
  std::uint16_t of_class = 0;
  float probability = 0;
};
struct Guesses {
  std::array<Guess, 3> best;
  std::size_t count = 0;
};

/// A word of the model that spoke for a class.
struct Spoke {
  const Word* word = nullptr;
  float weight = 0;
};

/// A trained model in memory or mapped from its file (MODEL_FORMAT.md). Never changes; thread-safe.
class Model {
 public:
  /// Maps the file. Fails with `invalid` and the reason, among them: not a model file, another
  /// format or way of reading text, cut short, damaged.
  static Result<std::shared_ptr<const Model>> open(const std::filesystem::path& file);
  /// The same from bytes, for the trainer's own measurements and tests.
  static Result<std::shared_ptr<const Model>> from_bytes(std::string bytes);
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const std::string& version() const { return version_; }
  const FeatureSettings& settings() const { return settings_; }
  const std::vector<HeadInfo>& heads() const { return heads_; }
  /// Index into `heads`.
  std::optional<std::size_t> head(HeadKind kind) const;
  std::size_t bytes() const { return bytes_.size(); }

  /// Scores of every class of every head, in their order, for what `bag` holds; nothing is
  /// allocated. A text without features scores the biases.
  class Scores {
   public:
    std::span<const float> of_head(std::size_t head) const;

   private:
    friend class Model;
    std::array<float, classes_max> values_;
    std::array<std::uint16_t, head_kinds + 1> begins_;
  };
  void score(const FeatureBag& bag, Scores& out) const;
  Guesses guess(const Scores& scores, std::size_t head) const;

  /// The words of `bag` that weighed most for the class, heaviest first; fills at most `out`.
  std::size_t explain(const FeatureBag& bag, std::size_t head, std::size_t of_class,
                      std::span<Spoke> out) const;

 protected:
  Model() = default;
  /// `bytes` stay where they are as long as the model lives.
  Result<void> read(std::string_view bytes);

 private:
  Result<void> read_head(class ModelReader& in);
  Result<void> place_sections(class ModelReader& in, std::uint64_t rows_at, std::uint64_t words_at,
                              std::uint32_t words);
  const std::uint8_t* row(std::uint32_t bucket) const { return rows_ + bucket * row_bytes_; }

  std::string_view bytes_;
  std::string version_;
  FeatureSettings settings_;
  std::vector<HeadInfo> heads_;
  std::array<std::uint16_t, head_kinds + 1> begins_{};  ///< of each head's classes; the last: end
  std::size_t row_bytes_ = 0;
  const std::uint8_t* rows_ = nullptr;
  std::span<const Word> words_;
};

/// What a model file is made of.
struct ModelContents {
  std::string version;
  FeatureSettings settings;
  std::vector<HeadInfo> heads;  ///< at most one of a kind
  /// By head: a byte a bucket.
  std::vector<std::vector<std::uint8_t>> term_weights;
  /// By head: of each bucket, a byte a class.
  std::vector<std::vector<std::int8_t>> weights;
  std::vector<Word> words;
};

/// Bytes of a row with `classes` classes in `heads` heads.
std::size_t model_row_bytes(std::size_t heads, std::size_t classes);
/// The file's bytes.
std::string model_bytes(const ModelContents& contents);

}  // namespace hotline::classify
