using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Fuzz.Targets;

/// <summary>
/// Forgets at its end the names of fields and log sources that rules entered meanwhile: the tables of a process are for the rules of its life,
/// and bounded, not for the ten thousands of files of a search. Where the tables are those of the program itself they are left alone.
/// </summary>
internal sealed class NameTables : IDisposable
{
    private static readonly bool Own = AssemblyLoadContext.GetLoadContext(typeof(NameTables).Assembly) != AssemblyLoadContext.Default;
    private static readonly FieldInfo FieldCount = Of(typeof(FieldTable), "_count"), RouteCount = Of(typeof(EventRouteTable), "_last");
    private static readonly ConcurrentDictionary<string, FieldId> FieldIds = (ConcurrentDictionary<string, FieldId>)Of(typeof(FieldTable), "Ids").GetValue(null)!;
    private static readonly ConcurrentDictionary<string, byte> RouteIds = (ConcurrentDictionary<string, byte>)Of(typeof(EventRouteTable), "Ids").GetValue(null)!;
    private static readonly (int Fields, int Routes) Base = Enter();

    public void Dispose()
    {
        if (!Own) return;
        foreach (var (name, id) in FieldIds)
        {
            if (id.Value >= Base.Fields) FieldIds.TryRemove(name, out _);
        }

        foreach (var (name, id) in RouteIds)
        {
            if (id > Base.Routes) RouteIds.TryRemove(name, out _);
        }

        FieldCount.SetValue(null, Base.Fields);
        RouteCount.SetValue(null, Base.Routes);
    }

    /// <summary>The names that the program's own types enter stay: all of them first.</summary>
    private static (int Fields, int Routes) Enter()
    {
        foreach (var type in typeof(SigmaEngine).Assembly.GetTypes().Concat(typeof(FieldTable).Assembly.GetTypes()))
        {
            if (type.TypeInitializer is not null && !type.ContainsGenericParameters) RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        return (FieldTable.Count, EventRouteTable.Count);
    }

    private static FieldInfo Of(Type table, string name) => table.GetField(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
