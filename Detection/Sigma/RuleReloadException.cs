namespace Picket.Detection.Sigma;

/// <summary>The files of rules cannot be found: nothing is known of them, so that the rules in force stay.</summary>
public sealed class RuleReloadException(string message) : Exception(message);
