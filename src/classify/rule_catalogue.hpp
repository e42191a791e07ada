#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "classify/automaton.hpp"
#include "classify/catalogue_files.hpp"
#include "classify/directory.hpp"
#include "classify/findings.hpp"
#include "classify/learned.hpp"
#include "classify/phrasebook.hpp"
#include "hotline/catalogue.hpp"

namespace hotline::classify {

/// The catalogue that decides by its rules' phrases, and by a model where they are silent.
/// evidence.hpp says how phrases become a confidence, judge.hpp who decides.
class RuleCatalogue final : public Catalogue {
 public:
  /// `files` as `read_catalogue_files` gives them: consistent.
  RuleCatalogue(CatalogueFiles files, UtcOffset zone);

  /// Before the catalogue is shared: joins a model to it, see `Learned::join`.
  Result<void> learn(std::shared_ptr<const Model> model, const LearnedOptions& options);
  const Learned* learned() const { return learned_.get(); }

  Classification classify(const ClassifyInput& input) const override;

  const std::string& version() const override { return version_; }
  const std::string& model_version() const override { return model_version_; }
  const DepartmentInfo* department(std::string_view code) const override {
    return directory_.department(code);
  }
  const CategoryInfo* category(std::string_view code) const override {
    return directory_.category(code);
  }
  const RegionInfo* region(std::string_view code) const override { return directory_.region(code); }
  const std::vector<DepartmentInfo>& departments() const override {
    return directory_.departments();
  }
  const std::vector<CategoryInfo>& categories() const override { return directory_.categories(); }
  const std::vector<RegionInfo>& regions() const override { return directory_.regions(); }
  std::vector<std::string> subtree(std::string_view code) const override {
    return directory_.subtree(code);
  }

 private:
  std::string version_;
  UtcOffset zone_;
  Directory directory_;
  Phrasebook phrases_;
  std::shared_ptr<const Learned> learned_;  ///< null: rules alone decide
  std::string model_version_;
};

}  // namespace hotline::classify
