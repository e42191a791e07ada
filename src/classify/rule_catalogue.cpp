#include "classify/rule_catalogue.hpp"

#include "classify/judge.hpp"

namespace hotline::classify {

RuleCatalogue::RuleCatalogue(CatalogueFiles files, UtcOffset zone)
    : version_(std::move(files.version)),
      zone_(zone),
      directory_(files),
      phrases_(files, directory_) {}

Result<void> RuleCatalogue::learn(std::shared_ptr<const Model> model,
                                  const LearnedOptions& options) {
  auto joined = Learned::join(std::move(model), directory_, options);
  if (!joined) return tl::make_unexpected(std::move(joined.error()));
  learned_ = std::move(*joined);
  model_version_ = learned_->model().version();
  return {};
}

Classification RuleCatalogue::classify(const ClassifyInput& input) const {
  Classification result =
      judge(input, local_day(input.at, zone_), phrases_, directory_, learned_.get());
  result.catalogue_version = version_;
  result.model_version = model_version_;
  return result;
}

}  // namespace hotline::classify
