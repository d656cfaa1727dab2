namespace Picket.Actors.Pattern;

/// <summary>Options for supervisors that wait longer and longer before they bring a child back.</summary>
public static class Backoff
{
    /// <summary>Waits after a failure that the child's strategy answers with Restart; any other end of the child, a constructor or
    /// PreStart that throws among them, ends the supervisor. A child that must come back from those wants <see cref="OnStop"/>.</summary>
    /// <param name="childProps">The child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first wait; each later one is twice as long.</param>
    /// <param name="maxBackoff">The longest wait.</param>
    /// <param name="randomFactor">0.2 adds up to 20 % at random, so that many do not come back at once.</param>
    /// <param name="maxNrOfRetries">Failures in a row after which the supervisor ends; -1 for no limit.</param>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onFailure: true);

    /// <summary>Waits after the child stopped, by itself or because it failed and its strategy stops it.</summary>
    /// <param name="childProps">The child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first wait; each later one is twice as long.</param>
    /// <param name="maxBackoff">The longest wait.</param>
    /// <param name="randomFactor">0.2 adds up to 20 % at random.</param>
    /// <param name="maxNrOfRetries">Ends in a row after which the supervisor ends; -1 for no limit.</param>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onFailure: false);
}
