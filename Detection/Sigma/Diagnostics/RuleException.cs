namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>Ends the work on one rule; whoever works on rules turns it into a <see cref="SigmaError"/> and goes on with the next.</summary>
internal sealed class RuleException(Place at, string code, string message) : Exception(message)
{
    public Place At { get; } = at;

    public string Code { get; } = code;
}
