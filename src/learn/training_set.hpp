#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "learn/history.hpp"
#include "learn/trainer.hpp"

namespace hotline::learn {

/// What an office has to learn from.
struct Histories {
  std::vector<HistoryRow> own;
  std::vector<HistoryRow> other_city;  ///< helps to learn, judges nothing
};

/// Puts later rows into a history: one with the number of an earlier row replaces it.
struct Added {
  std::size_t added = 0;
  std::size_t replaced = 0;
  std::size_t earlier = 0;  ///< decided before `since`, or nobody knows when: left out
};
Added add_rows(std::vector<HistoryRow>& history, std::vector<HistoryRow> later,
               std::optional<Time> since);

/// One head's part of a training set.
struct HeadPlan {
  HeadTask task;
  std::vector<std::string> names;  ///< by class, as people know it; the code where none is known
  std::size_t rare_labels = 0;     ///< that too few rows have to learn them
  std::size_t rare_rows = 0;       ///< of the own city, with such a label
};

struct TrainingSet {
  Texts texts;
  std::vector<HeadPlan> heads;  ///< of those decisions that some own row has
  std::vector<classify::Word> words;
  std::string version;       ///< of the model: the day of the last decision and a hash of the rows
  std::size_t rows = 0;      ///< of the own city, with text
  std::size_t matters = 0;   ///< groups of like texts among them
  std::size_t textless = 0;  ///< own rows without text: left out
  std::size_t borrowed = 0;  ///< rows of the other city
  std::size_t copies = 0;    ///< rows of the other city that are nearly one of the own: left out
  std::size_t oldest_left_out = 0;  ///< own rows beyond `history_rows_max`
};

/// Labels with fewer rows are not learned: they could be neither judged nor trusted.
inline constexpr std::size_t label_rows_min = 5;
/// So many rows fit into memory with room to spare; of more the last ones are taken.
inline constexpr std::size_t history_rows_max = 150'000;
/// What a model file has at most.
inline constexpr std::size_t trained_bytes_max = 8UL << 20;

/// Groups like texts, gathers each decision's labels, and reads every text. The number of buckets
/// is the largest with which the model stays under `trained_bytes_max`. Fails with `invalid` when
/// no row has both text and a decision, or there are more labels than a model holds.
Result<TrainingSet> make_training_set(Histories histories);

}  // namespace hotline::learn
