#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "classify/bounded_list.hpp"
#include "classify/directory.hpp"
#include "classify/model.hpp"

namespace hotline::classify {

/// How an office lets a model decide.
struct LearnedOptions {
  /// Share of the model's own decisions that must be right; 1: it proposes and never decides.
  double precision = 0.97;
  /// From this confidence on the rules decide and the model is not asked.
  double rules_confidence = 0.75;
};

/// A model joined to a catalogue: its labels found, its thresholds taken for the precision that the
/// office wants. Never changes; thread-safe.
class Learned {
 public:
  /// In `Head::places`: a label that the catalogue does not have. It is never proposed.
  static constexpr std::uint32_t unknown = 0xFFFFFFFF;

  struct Head {
    std::size_t index = 0;                ///< in `Model::heads`
    double automatic_from = 2;            ///< above 1: it only proposes
    std::vector<std::uint32_t> places{};  ///< by class, in `Directory::categories` or `departments`
  };

  /// Fails with `invalid` and the reason where the model does not fit: no label of a head is in the
  /// catalogue, or the head that dispatches (the category's, else the department's) does not prove
  /// the precision. Another head that does not prove it only proposes.
  static Result<std::shared_ptr<const Learned>> join(std::shared_ptr<const Model> model,
                                                     const Directory& directory,
                                                     const LearnedOptions& options);

  const Model& model() const { return *model_; }
  double rules_confidence() const { return rules_confidence_; }
  /// Null when the model has no such head.
  const Head* head(HeadKind kind) const {
    const auto& found = heads_[static_cast<std::size_t>(kind)];
    return found ? &*found : nullptr;
  }
  /// What the operator should know of a model that fits all the same, a sentence each.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  Learned(std::shared_ptr<const Model> model, double rules_confidence)
      : model_(std::move(model)), rules_confidence_(rules_confidence) {}
  Result<void> join_head(std::size_t index, const Directory& directory, double precision);
  Result<void> find_labels(const HeadInfo& info, const Directory& directory, Head& head);

  std::shared_ptr<const Model> model_;
  double rules_confidence_;
  std::array<std::optional<Head>, head_kinds> heads_;
  std::vector<std::string> notes_;
};

/// One class that the model proposes.
struct Proposal {
  std::uint32_t place = Learned::unknown;  ///< as `Learned::Head::places` has it
  std::uint16_t of_class = 0;
  double probability = 0;
};
using Proposals = BoundedList<Proposal, std::tuple_size_v<decltype(Guesses::best)>>;

/// What the model makes of one text. Reads it when asked for the first time, so a text that rules
/// decide costs nothing. About 64 KiB; lives on the stack of one call. `learned` may be null:
/// nothing is proposed.
class Opinion {
 public:
  Opinion(const Learned* learned, const FeatureText& text) : learned_(learned), text_(text) {}

  /// Until the first question.
  void set_region(std::string_view code) { text_.region = code; }

  const Learned::Head* head(HeadKind kind) const {
    return learned_ == nullptr ? nullptr : learned_->head(kind);
  }
  /// Best first; nothing without such a head. Of an inquiry head: the probability of yes.
  Proposals ask(HeadKind kind);
  /// The n-grams that weighed most for a class of a head that was asked; fills at most `out`.
  std::size_t explain(HeadKind kind, std::uint16_t of_class, std::span<Spoke> out);

 private:
  void read();

  const Learned* learned_;
  FeatureText text_;
  bool read_ = false;
  FeatureBag bag_;
  Model::Scores scores_;
};

}  // namespace hotline::classify
