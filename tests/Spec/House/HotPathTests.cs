namespace Picket.Spec.House;

/// <summary>What is marked <c>// hot</c> stays free of what allocates per event.</summary>
public sealed class HotPathTests
{
    private static readonly string[] Product = ["Actors", "Detection", "Sensors", "Cluster"];

    [Fact]
    public void A_hot_method_has_no_LINQ_no_closure_and_no_boxing()
    {
        var faults = new List<string>();
        var methods = 0;
        foreach (var file in SourceFiles.All())
        {
            var name = Path.GetRelativePath(Corpora.Root, file);
            if (!Product.Contains(name.Split(Path.DirectorySeparatorChar)[0])) continue;
            foreach (var (line, code) in HotPath.Marked(File.ReadAllText(file)))
            {
                methods++;
                faults.AddRange(HotPath.Faults(code).Select(fault => $"{name}:{line}: {fault}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(methods >= 60, $"only {methods} methods are marked");
    }

    [Theory]
    [InlineData("int F(int[] a) // hot\n{ return a.Where(x => x > 1).Count(); }", "LINQ")]
    [InlineData("int F(int[] a) => a.Sum(); // hot", "LINQ")]
    [InlineData("// hot\n[X]\nint F(int[] a) { return a.ToList()[0]; }", "LINQ")]
    [InlineData("int F(object[] a) { return a.OfType<int>()[0]; } // hot", "LINQ")]
    [InlineData("void F(int a) // hot\n{ Run(() => a); }", "lambda")]
    [InlineData("void F(int a) // hot\n{ Func<int> f = () => a; }", "lambda")]
    [InlineData("Func<int> F(int a) // hot\n{ return () => a; }", "lambda")]
    [InlineData("int F(int a) => a switch { 1 => 2, _ => Run(b => a) }; // hot", "lambda")]
    [InlineData("void F(int a) // hot\n{ Run(delegate { return a; }); }", "lambda")]
    [InlineData("void F(int a) // hot\n{ if (a > 0) { } Log($\"{a}\"); }", "interpolation")]
    [InlineData("async Task F() // hot\n{ }", "async")]
    [InlineData("void F(params object[] a) // hot\n{ }", "boxing")]
    [InlineData("object F(int a) => (object)a; // hot", "boxing")]
    [InlineData("void F(IEnumerable<int> all) // hot\n{ foreach (var one in all) { } }", "foreach")]
    [InlineData("void F(IReadOnlyList<int> all) // hot\n{ foreach (var one in all) { } }", "foreach")]
    [InlineData("}\n// hot\n", "no declaration")]
    public void A_planted_fault_is_found(string code, string fault)
    {
        var found = HotPath.Marked($"class C\n{{\n{code}\n}}\n").SelectMany(method => HotPath.Faults(method.Code));
        Assert.Contains(found, text => text.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("int F(int a) => a switch { 1 => 2, _ => throw new E($\"{a}\") }; // hot")]
    [InlineData("int F(int a) // hot\n{ // a.Select(x => x)\n var s = \"a.Sum() => {\"; return G(); static int G() => 1; }\nint H(int[] a) => a.Sum();")]
    [InlineData("int F(in View view, int[] all) // hot\n{ foreach (var one in all) { } return view.First(3) switch { { Length: > 0 } => 1, _ => 2 }; }")]
    [InlineData("int H(int[] a) => a.Sum();\n// hot\nint F(char c) { if (c == '\"' || c == '{') throw new E($\"{c}\"); return 1; }\nint K(int[] a) => a.Sum();")]
    public void Sound_code_is_left_alone(string code) =>
        Assert.Empty(HotPath.Marked($"class C\n{{\n{code}\n}}\n").SelectMany(method => HotPath.Faults(method.Code)));
}
