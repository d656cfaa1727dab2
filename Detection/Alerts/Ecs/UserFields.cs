using System.Globalization;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>Accounts and groups, as ids or as the names that records carry.</summary>
internal static class UserFields
{
    /// <summary>An account by its name as a record has it: <c>alice</c> or <c>DOMAIN\alice</c>.</summary>
    internal static void Named(EcsWriter writer, string field, ReadOnlySpan<byte> account)
    {
        if (account.IsEmpty) return;
        writer.Begin(field);
        WriteName(writer, account);
        writer.End();
    }

    /// <summary>The account of a process, for which ECS has no domain: its name stays as the record has it.</summary>
    internal static void OfProcess(EcsWriter writer, ReadOnlySpan<byte> account)
    {
        writer.Begin("user");
        writer.Text("name", account);
        writer.End();
    }

    /// <summary>An account by id, and by name where it is known.</summary>
    internal static void Numbered(EcsWriter writer, string field, uint id, ReadOnlySpan<byte> name)
    {
        if (id == uint.MaxValue) return;
        writer.Begin(field);
        writer.Text("id", Digits(id));
        WriteName(writer, name);
        writer.End();
    }

    internal static void WriteName(EcsWriter writer, ReadOnlySpan<byte> account)
    {
        var slash = account.IndexOf((byte)'\\');
        if (slash > 0) writer.Text("domain", account[..slash]);
        var name = account[(slash + 1)..];

        // Where no name was found the number stands in its place; as a name it would be wrong.
        if (name.ContainsAnyExceptInRange((byte)'0', (byte)'9')) writer.Text("name", name);
    }

    internal static string Digits(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
