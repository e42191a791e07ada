#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "learn/folds.hpp"

namespace hotline::bench {

/// A labelled set of texts, as the measures take it.
struct Set {
  learn::Texts texts;
  std::vector<learn::Sample> samples;  ///< one a text, in their order
  std::vector<std::uint32_t> groups;   ///< by sample; equal: nearly the same text
  std::vector<std::string> labels;     ///< by class

  explicit Set(const classify::FeatureSettings& settings) : texts(settings) {}
  std::uint16_t class_of(const std::string& label);
};

/// How every measure reads text.
classify::FeatureSettings feature_settings();

/// routing7.train.jsonl: 7 categories.
Set read_routing(const std::filesystem::path& tickets);
/// Adds second_city.calib.jsonl's rows whose domain is one of the seven labels.
void add_second_city(const std::filesystem::path& tickets, Set& set);
/// second_city.calib.jsonl: 1 is an inquiry (咨询).
Set read_inquiries(const std::filesystem::path& tickets);
/// replies_departments.jsonl: rows with a department.
Set read_departments(const std::filesystem::path& tickets);

}  // namespace hotline::bench
