namespace Picket.Actors;

/// <summary>A decider from a table: the first type that the cause is an instance of.</summary>
public sealed class DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) : IDecider
{
    /// <summary>For what the table does not hold.</summary>
    public Directive DefaultDirective => defaultDirective;

    /// <inheritdoc/>
    public Directive Decide(Exception cause)
    {
        foreach (var (type, directive) in pairs)
        {
            if (type.IsInstanceOfType(cause)) return directive;
        }

        return defaultDirective;
    }
}
