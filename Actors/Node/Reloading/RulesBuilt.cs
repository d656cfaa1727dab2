using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Node.Reloading;

/// <summary>The files have been read again, and the sensors asked for what any of the two sets wants.</summary>
/// <param name="Cause">Who asked for it.</param>
/// <param name="Reload">What was read.</param>
/// <param name="Swap">What detection is to be told; null when nothing is different.</param>
/// <param name="Interest">What the new set asks of the sensors.</param>
internal sealed record RulesBuilt(string Cause, RuleReload Reload, SwapRules? Swap, EventInterest Interest);
