using System.Diagnostics;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Node.RuleTests;

/// <summary>
/// Finds rules and the tests beside them, and runs these: <c>x.test.yml</c> and <c>x_test.yml</c> are the tests of <c>x.yml</c>.
/// </summary>
internal sealed class RuleTestSuite
{
    private static readonly string[] Endings = [".test.yml", ".test.yaml", "_test.yml", "_test.yaml"];

    private readonly List<RuleFileTests> _files = [];
    private readonly List<SigmaError> _errors = [];

    private RuleTestSuite()
    {
    }

    /// <summary>The files of rules that have tests.</summary>
    public IReadOnlyList<RuleFileTests> Files => _files;

    /// <summary>What is wrong with rules that have tests, and with tests.</summary>
    public IReadOnlyList<SigmaError> Errors => _errors;

    /// <summary>Files of rules that no test stands beside.</summary>
    public int Untested { get; private set; }

    /// <summary>Cases that are as expected.</summary>
    public int Passed => _files.Sum(file => file.Results.Count(result => result.Passed));

    /// <summary>Cases that are not.</summary>
    public int Failed => _files.Sum(file => file.Results.Count(result => !result.Passed));

    /// <summary>Runs the tests of files and folders, each once.</summary>
    /// <param name="paths">The files and folders. Their rules are one set, so that they may refer to each other.</param>
    /// <param name="others">Files and folders of rules that these may refer to as well, and whose tests are not run.</param>
    /// <param name="options">How rules are read; null for the defaults.</param>
    public static RuleTestSuite Run(IReadOnlyList<string> paths, IReadOnlyList<string> others, SigmaLoadOptions? options = null)
    {
        var suite = new RuleTestSuite();
        var orphans = new List<SigmaError>();
        var found = suite.Find(paths, orphans);
        suite.Untested = found.Count(file => file.Tests.Count == 0);
        found.RemoveAll(file => file.Tests.Count == 0);
        var rules = SigmaRuleSet.Load([.. paths.Where(path => !IsTest(path)), .. found.Select(file => file.Rules), .. others], options);
        suite._errors.AddRange(rules.Errors.Where(
            error => rules.OtherFiles.Contains(error.File) || found.Exists(file => file.Rules == error.File)));
        foreach (var (file, tests) in found) suite.RunTests(rules, file, tests);
        suite._errors.AddRange(orphans);
        return suite;
    }

    /// <summary>The files of rules, each with its tests; of one that is only named by a test that is this one.</summary>
    /// <param name="paths">The files and folders.</param>
    /// <param name="orphans">Gets which tests have no rules.</param>
    private List<(string Rules, List<string> Tests)> Find(IReadOnlyList<string> paths, List<SigmaError> orphans)
    {
        var found = RuleFiles.Find(paths.Where(path => !IsTest(path)), _errors).ConvertAll(file => (Rules: file, Tests: TestsOf(file)));
        var whole = found.Select(file => RuleFolder.RealPath(file.Rules)).ToHashSet(StringComparer.Ordinal);
        var named = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var test in paths.Where(IsTest).DistinctBy(RuleFolder.RealPath))
        {
            if (RuleFiles.RuleOfTest(test)!.Value.File is not { } rules)
            {
                Orphan(test);
                continue;
            }

            var real = RuleFolder.RealPath(rules);
            if (whole.Contains(real)) continue;
            if (!named.TryGetValue(real, out var tests))
            {
                named[real] = tests = [];
                found.Add((rules, tests));
            }

            tests.Add(test);
        }

        foreach (var test in RuleFiles.FindTests(paths.Where(Directory.Exists)))
        {
            // A file of rules without a byte is no file of rules, and its tests would seem to be passed.
            if (RuleFiles.RuleOfTest(test)!.Value.File is not { } rules) Orphan(test);
            else if (new FileInfo(rules).Length == 0)
                orphans.Add(new SigmaError(rules, 0, 0, SigmaCodes.File, "the file is empty, and has tests"));
        }

        return found;

        void Orphan(string test) =>
            orphans.Add(new SigmaError(test, 0, 0, SigmaCodes.File, "there is no rule's file of that name beside this test"));
    }

    private static bool IsTest(string path) => !Directory.Exists(path) && RuleFiles.IsTest(path);

    private static List<string> TestsOf(string file)
    {
        var stem = Path.Combine(Path.GetDirectoryName(file) ?? "", Path.GetFileNameWithoutExtension(file));
        return [.. Endings.Select(ending => stem + ending).Where(test => File.Exists(test) && RuleFiles.RuleOfTest(test)?.File == file)];
    }

    private void RunTests(SigmaRuleSet rules, string file, List<string> tests)
    {
        var clock = Stopwatch.StartNew();
        var runner = new RuleTestRunner(rules, file);
        var results = new List<RuleTestResult>();
        foreach (var test in tests)
        {
            var issues = new IssueList(test);
            results.AddRange(RuleTestFile.Read(test, issues).Select(runner.Run));
            _errors.AddRange(issues.Errors);
        }

        _files.Add(new RuleFileTests(file, results, clock.Elapsed));
    }
}
