/** An action's properties become the families for which it has an environment, and whether that is set up before the first ban or with it. */
import { hasFamilyVariants, isTrue, type Family, type Properties } from './static-tags';

export interface FamilyPlan {
  /** Property `families`; else both families when the action tells them apart; else one without a name. */
  readonly families: readonly Family[];
  /** True when a family is started before its first ban, not with the jail. */
  readonly startOnDemand: boolean;
}

export function familyPlan(properties: Properties, allowIpv6: boolean): FamilyPlan {
  const conditional = hasFamilyVariants(properties);
  const words =
    properties
      .get('families')
      ?.split(/[\s,]+/)
      .filter((word) => word === 'inet4' || word === 'inet6') ?? [];
  const demand = properties.get('actionstart_on_demand');
  const both: readonly Family[] = allowIpv6 ? ['inet4', 'inet6'] : ['inet4'];
  return {
    families: words.length > 0 ? words : conditional ? both : [''],
    startOnDemand: demand === undefined ? conditional : isTrue(demand),
  };
}
