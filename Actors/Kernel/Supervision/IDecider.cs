namespace Picket.Actors;

/// <summary>Maps what a child threw to a directive.</summary>
public interface IDecider
{
    /// <summary>The directive for <paramref name="cause"/>. Runs in the supervisor's turn.</summary>
    Directive Decide(Exception cause);
}
