namespace Picket.Detection.Sigma.Check;

/// <summary>Whether a rule can fire with what the platform's sensors supply now.</summary>
public enum RuleVerdict
{
    /// <summary>Everything it asks for is supplied.</summary>
    CanFire,

    /// <summary>It can fire, but a field that it asks for is not supplied: it sees less, or filters less, than its author meant.</summary>
    Degraded,

    /// <summary>No event can make it fire.</summary>
    CanNeverFire,
}
