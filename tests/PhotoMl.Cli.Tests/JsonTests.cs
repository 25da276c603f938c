using System.Text;
using System.Text.Json;

namespace PhotoMl.Cli.Tests;

/// <summary>The keys of every document that <c>--json</c> prints, with the types of their values.</summary>
[Collection(TorchCollection.Name)]
public sealed class JsonTests(TrainedModel classifier, TrainedGenerators generators) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // After a change that is meant: PHOTOML_APPROVE_JSON=$PWD/tests/PhotoMl.Cli.Tests/approved/json.txt dotnet test
    [Fact]
    public void Documents_have_the_keys_that_were_approved()
    {
        var image = Bars.WritePng(_folder.File("bar.png"), 2);
        var (photos, grid) = (WritePhotos(), _folder.File("grid.png"));
        File.WriteAllText(_folder.File("broken.png"), "no image");
        string[] few = ["--epochs", "1", "--batch-size", "24", "--limit", "60", "--threads", "1", "--quiet"];
        var shapes = new StringBuilder();
        Add("train-cnn", ["train-cnn", "--data", classifier.Set, "--output", _folder.File("cnn"), .. few]);
        Add("train-cnn --folds", ["train-cnn", "--data", classifier.Set, "--output", _folder.File("folds"), "--folds", "2", .. few]);
        Add("train-gan", ["train-gan", "--data", classifier.Set, "--output", _folder.File("gan"), .. few]);
        Add("sample", ["sample", generators.Run, "--grid", grid, "--count", "2", "--threads", "1"]);
        Add("verify", ["verify", grid, "--model", generators.Run, "--threads", "1"]);
        Add("evaluate, a classifier", ["evaluate", classifier.Run, "--coverage", "0.9"]);
        Add("evaluate, a generator", ["evaluate", generators.Run, "--classifier", classifier.Run, "--limit", "20"]);
        Add("compare", ["compare", classifier.Run, _folder.File("cnn")]);
        Add("predict", ["predict", classifier.Run, image]);
        Add("predict --coverage", ["predict", classifier.Run, image, "--coverage", "0.9"]);
        Add("predict, a file that is no image", ["predict", classifier.Run, image, _folder.File("broken.png")]);
        Add("explain", ["explain", classifier.Run, image, "--output", _folder.File("why.png"), "--random-maps", "2"]);
        Add("sort", ["sort", classifier.Run, photos, "--into", _folder.File("sorted"), "--dry-run"]);
        Add("export", ["export", classifier.Run, "--output", _folder.File("model.onnx")]);
        Add("data list", ["data", "list"]);
        Add("data get", ["data", "get", "digits"]);
        Add("data check, IDX files", ["data", "check", classifier.Set]);
        Add("data check, photos", ["data", "check", photos]);
        Add("data preview", ["data", "preview", classifier.Set, "--output", _folder.File("preview.png")]);
        Add("doctor", ["doctor"]);
        if (Environment.GetEnvironmentVariable("PHOTOML_APPROVE_JSON") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{shapes}");
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", "json.txt")), $"{shapes}", ignoreLineEndingDifferences: true);

        void Add(string name, string[] args)
        {
            var result = Tool.Run([.. args, "--json"]);
            Assert.True(result.ExitCode == 0, $"{name}: {result.Error}");
            shapes.Append(name).Append(':').AppendLine();
            Describe(shapes, result.Json, "  ");
        }
    }

    private static void Describe(StringBuilder shapes, JsonElement document, string indent)
    {
        foreach (var field in document.EnumerateObject())
        {
            var (value, brackets) = (field.Value, "");
            while (value.ValueKind == JsonValueKind.Array)
            {
                brackets += "[]";
                value = value.EnumerateArray().FirstOrDefault();
            }

            var type = value.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => "boolean",
                JsonValueKind.Undefined => "",
                var kind => kind.ToString().ToLowerInvariant(),
            };
            shapes.Append(indent).Append(field.Name).Append(' ').Append(type).Append(brackets).AppendLine();
            if (value.ValueKind == JsonValueKind.Object)
            {
                Describe(shapes, value, indent + "  ");
            }
        }
    }

    // Two photos of each of two classes, one of them a copy.
    private string WritePhotos()
    {
        var photos = _folder.File("photos");
        foreach (var (name, bar) in new[] { ("a/1.png", 0), ("a/2.png", 0), ("b/1.png", 1), ("b/2.png", 3) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(photos, name))!);
            Bars.WritePng(Path.Combine(photos, name), bar);
        }

        return photos;
    }
}
