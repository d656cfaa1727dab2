namespace Picket.Actors;

/// <summary>Rows for the table of a <see cref="DeployableDecider"/>.</summary>
public static class DirectiveExtensions
{
    /// <summary>This directive for <typeparamref name="TException"/>.</summary>
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self) where TException : Exception =>
        new(typeof(TException), self);
}
