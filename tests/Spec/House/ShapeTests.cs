using System.Reflection;
using System.Text.RegularExpressions;

namespace Picket.Spec.House;

/// <summary>Lengths, names, sealedness, and that a folder is a namespace.</summary>
public sealed partial class ShapeTests
{
    private const int MaxLines = 400;
    private const int MaxWidth = 140;

    /// <summary>Types over the limit, whose files are added up, with the reason.</summary>
    private static readonly Dictionary<string, string> LongTypes = new()
    {
        ["Picket.Actors.Cells.ActorCell"] = "the state machine of an actor, in one file for each of its concerns",
        ["Picket.Actors.TestKit.TestKitBase"] = "Akka.NET's surface for tests, in one file for each kind of expectation",
        ["Picket.Actors.Persistence.Eventsourced"] = "the state machine of a persistent actor, in one file for each of its concerns",
    };

    private static readonly (string Folder, string Root)[] Roots =
    [
        ("Actors/Hocon", "Picket.Hocon"), ("Actors/Kernel", "Picket.Actors"), ("Actors/Node", "Picket.Node"),
        ("Actors/Persistence", "Picket.Actors.Persistence"), ("Actors/Persistence.Sql", "Picket.Actors.Persistence.Sql"),
        ("Detection/Events", "Picket.Detection.Events"), ("Detection", "Picket.Detection"), ("Sensors", "Picket.Sensors"),
        ("tests/Spec", "Picket.Spec"), ("tests/Bench", "Picket.Bench"), ("tests/TestKit", "Picket.Actors.TestKit"),
        ("tests/Fuzz", "Picket.Fuzz"), ("tests/Persister", "Picket.Persister"),
    ];

    private static IEnumerable<Type> Types => ((string[])["Picket.Hocon", "Picket.Actors", "Picket.Persistence", "Picket.Persistence.Sql", "Picket.Detection.Events", "Picket.Detection", "Picket.Sensors", "picket"])
        .SelectMany(name => Assembly.Load(name).GetTypes())
        .Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) && type.Namespace?.StartsWith("Picket", StringComparison.Ordinal) == true);

    [Fact]
    public void No_file_is_longer_than_a_reader_holds_in_mind()
    {
        var tooLong = SourceFiles.All().Select(file => (Name: Path.GetRelativePath(Corpora.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MaxLines);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_line_of_the_product_is_wider_than_a_review_shows()
    {
        var tooWide = SourceFiles.All().Where(file => !file.StartsWith(Path.Combine(Corpora.Root, "tests"), StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Select((text, index) => (Place: $"{file}:{index + 1}", text.Length)))
            .Where(line => line.Length > MaxWidth);
        Assert.Empty(tooWide);
    }

    [Fact]
    public void No_type_hides_its_length_behind_partial_files()
    {
        var lengths = new Dictionary<string, int>();
        foreach (var file in SourceFiles.All())
        {
            var text = File.ReadAllText(file);
            if (TopLevelType().Match(text) is not { Success: true } type) continue;
            var name = $"{NamespaceLine().Match(text).Groups[1].Value}.{type.Groups[1].Value}";
            lengths[name] = lengths.GetValueOrDefault(name) + text.AsSpan().Count('\n');
        }

        var tooLong = lengths.Where(type => type.Value > MaxLines && !LongTypes.ContainsKey(type.Key));
        Assert.Empty(tooLong);
        Assert.All(LongTypes.Keys, listed => Assert.True(lengths[listed] > MaxLines, $"{listed} needs no exception any more"));
    }

    [Fact]
    public void A_folder_is_a_namespace()
    {
        var wrong = new List<string>();
        foreach (var file in SourceFiles.All())
        {
            var match = NamespaceLine().Match(File.ReadAllText(file));
            if (!match.Success) continue;
            var relative = Path.GetRelativePath(Corpora.Root, Path.GetDirectoryName(file)!).Replace('\\', '/');
            var (folder, root) = Roots.First(pair => relative == pair.Folder || relative.StartsWith(pair.Folder + "/", StringComparison.Ordinal));
            var expected = root + relative[folder.Length..].Replace('/', '.');
            // Akka.NET's users find its types where Akka.NET has them, however the files are sorted.
            if (root is "Picket.Actors" or "Picket.Actors.Persistence" && match.Groups[1].Value == root) continue;
            if (match.Groups[1].Value != expected) wrong.Add($"{relative}/{Path.GetFileName(file)}: {match.Groups[1].Value}, not {expected}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_name_hides_what_a_type_does()
    {
        var vague = Types.Select(type => type.Name).Where(name => VagueName().IsMatch(name));
        Assert.Empty(vague);
    }

    [Fact]
    public void An_actor_is_called_one()
    {
        var wrong = Types.Where(type => typeof(Actors.ActorBase).IsAssignableFrom(type) && !type.IsAbstract && type.Namespace?.StartsWith("Picket.Actors", StringComparison.Ordinal) != true
            && !type.Name.EndsWith("Actor", StringComparison.Ordinal)).Select(type => type.FullName);
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_class_is_sealed_unless_something_derives_from_it()
    {
        var all = Types.ToList();
        var bases = all.Select(type => type.BaseType is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : type.BaseType).ToHashSet();
        var open = all.Where(type => type.IsClass && !type.IsAbstract && !type.IsSealed && !bases.Contains(type) && !IsOpenInAkka(type));
        Assert.Empty(open.Select(type => type.FullName));
    }

    [Fact]
    public void A_message_record_is_sealed()
    {
        var open = Types.Where(type => type.GetMethod("<Clone>$") is not null && !type.IsSealed && !type.IsAbstract);
        Assert.Empty(open.Select(type => type.FullName));
    }

    /// <summary>Exceptions and base classes that Akka.NET's users derive from.</summary>
    private static bool IsOpenInAkka(Type type) =>
        type.Namespace?.StartsWith("Picket.Actors", StringComparison.Ordinal) == true && type.IsPublic || typeof(Exception).IsAssignableFrom(type);

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|struct|interface|enum|record(?: class| struct)?) (\w+(?:<[\w, ]+>)?)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Misc|Common)$")]
    private static partial Regex VagueName();
}
