using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>To the context stage, and on to the process's actor: a rule matched.</summary>
public sealed record ProcessMatched(ProcessKey Key, string RuleId, string RuleName, string AlertId, ulong TimeNs);
