namespace Picket.Detection.Sigma.Check;

/// <summary>The codes of reasons. They never change their meaning.</summary>
public static class CheckReasons
{
    /// <summary>The rule is for another product.</summary>
    public const string Product = "product-not-here";

    /// <summary>No sensor of this platform supplies events of the category.</summary>
    public const string Category = "category-not-supplied";

    /// <summary>No sensor of this platform supplies records of the service.</summary>
    public const string Service = "service-not-supplied";

    /// <summary>Audit records of the types that the rule names are in auditd's own log alone, never made of kernel events.</summary>
    public const string AuditLog = "audit-log-only";

    /// <summary>Events of this category never have the field.</summary>
    public const string Field = "field-not-supplied";

    /// <summary>With the fields that are missing, the condition can never hold.</summary>
    public const string Condition = "condition-never-holds";

    /// <summary>A placeholder of the rule has no values, so the rule takes no part.</summary>
    public const string Placeholder = "placeholder-without-values";

    /// <summary>
    /// Events of a rule that the correlation refers to never have a field that it groups by, or whose values it counts.
    /// </summary>
    public const string CorrelationField = "correlation-field-not-supplied";

    /// <summary>A rule that the correlation refers to cannot fire, or is degraded.</summary>
    public const string Rule = "rule-not-sure";
}
