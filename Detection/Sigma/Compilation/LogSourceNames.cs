using System.Runtime.CompilerServices;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Index;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Enters the names of rules' log sources, of which a process has few: a rule for which none is left is refused, and no other.
/// </summary>
internal static class LogSourceNames
{
    /// <summary>What the engine itself names comes before all rules, so that it is never without.</summary>
    static LogSourceNames()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Routing).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(HashParts).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(DnsParts).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(CategoryKin).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(FileArrivals).TypeHandle);
    }

    /// <exception cref="RuleException">There are too many names.</exception>
    public static void Enter(SigmaLogSource source, Place at)
    {
        try
        {
            EventRouteTable.Route(source.Product, source.Category, source.Service);
        }
        catch (InvalidOperationException failure)
        {
            throw new RuleException(at, SigmaCodes.Limit, failure.Message);
        }
    }
}
