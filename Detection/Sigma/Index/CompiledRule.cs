using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;

namespace Picket.Detection.Sigma.Index;

/// <summary>A rule with its log source interned, as routing and the index see it.</summary>
/// <param name="Source">The log source's parts; 0 where the rule names none.</param>
/// <param name="Ir">The rule's normal form.</param>
internal sealed record CompiledRule(EventRoute Source, RuleIr Ir);
