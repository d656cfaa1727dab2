using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Check;

/// <summary>
/// What rules want to find in <c>Hashes</c>, which has several hashes in one text. The import hash is one of Windows programs; where the
/// platform does not supply the field <c>Imphash</c>, it does not stand in <c>Hashes</c> either.
/// </summary>
internal static class HashKinds
{
    /// <summary>The field of import hashes.</summary>
    public const string ImportHash = "Imphash";

    private const string Field = "Hashes";

    /// <summary>Whether what an item asks for can never be there.</summary>
    public static bool IsAbsent(DetectionItem item, IReadOnlySet<string> fields)
    {
        if (item.Field != Field || fields.Contains(ImportHash)) return false;
        if (item.Modifiers.Contains(Modifier.All)) return item.Values.Any(IsImportHash);
        return item.Values.Count > 0 && item.Values.All(IsImportHash);
    }

    /// <summary>Whether an item asks for an import hash among others.</summary>
    public static bool AsksImportHash(DetectionItem item) => item.Field == Field && item.Values.Any(IsImportHash);

    private static bool IsImportHash(RuleValue value) => value.Text.Contains("IMPHASH=", StringComparison.OrdinalIgnoreCase);
}
