#include "classify/rule_catalogue.hpp"

#include "classify/judge.hpp"

namespace hotline::classify {

RuleCatalogue::RuleCatalogue(CatalogueFiles files, UtcOffset zone)
    : version_(std::move(files.version)),
      zone_(zone),
      directory_(files),
      phrases_(files, directory_) {}

Classification RuleCatalogue::classify(const ClassifyInput& input) const {
  Classification result = judge(input, local_day(input.at, zone_), phrases_, directory_);
  result.catalogue_version = version_;
  return result;
}

}  // namespace hotline::classify
