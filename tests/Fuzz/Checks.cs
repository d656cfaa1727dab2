using System.Reflection;

namespace Picket.Fuzz;

/// <summary>Runs a target's checks in whichever load context this copy of the program is.</summary>
internal static class Checks
{
    /// <summary>The checks of the target of that name.</summary>
    public static Func<byte[], string?> Of(string name)
    {
        var target = FuzzTargets.Find(name);
        return input => Run(target, input);
    }

    /// <summary>Runs all checks; null where they hold, else what does not: a short name, a colon, and details.</summary>
    public static string? Run(IFuzzTarget target, byte[] input)
    {
        try
        {
            return target.Check(input);
        }
        catch (TimeoutException)
        {
            return "hang: more blocks than any input may take";
        }
        catch (Exception e)
        {
            // A type that failed to begin is told by what it failed with.
            var cause = e is TypeInitializationException or TargetInvocationException && e.InnerException is { } inner ? inner : e;
            var frame = cause.StackTrace?.Split('\n').FirstOrDefault(IsOfTarget)?.Trim();
            return $"{cause.GetType().Name} {frame}: {cause.Message}";
        }
    }

    private static bool IsOfTarget(string line) =>
        line.Contains(" Picket.", StringComparison.Ordinal) && !line.Contains(" Picket.Fuzz.", StringComparison.Ordinal);
}
