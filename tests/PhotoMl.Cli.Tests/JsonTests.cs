namespace PhotoMl.Cli.Tests;

/// <summary>The keys of every document that <c>--json</c> prints, with the types of their values.</summary>
[Collection(TorchCollection.Name)]
public sealed class JsonTests(TrainedModel classifier, TrainedGenerators generators) : FolderTests
{
    // After a change that is meant: PHOTOML_APPROVE_JSON=$PWD/tests/PhotoMl.Cli.Tests/approved/json.txt dotnet test
    [Fact]
    public void Documents_have_the_keys_that_were_approved()
    {
        var image = Bars.WritePng(Folder.File("bar.png"), 2);
        var (photos, grid) = (WritePhotos(), Folder.File("grid.png"));
        File.WriteAllText(Folder.File("broken.png"), "no image");
        string[] few = ["--epochs", "1", "--batch-size", "24", "--limit", "60", "--quiet"];
        var shapes = new StringBuilder();
        Run("train-cnn", ["train-cnn", "--data", classifier.Set, "--output", Folder.File("cnn"), .. few]);
        string[] labels = ["--labels-per-class", "4", .. few];
        Run("train-cnn --labels-per-class", ["train-cnn", "--data", classifier.Set, "--output", Folder.File("labels"), .. labels]);
        Run("train-cnn --folds", ["train-cnn", "--data", classifier.Set, "--output", Folder.File("folds"), "--folds", "2", .. few]);
        string[] fixedOptions = ["--mixup", "0", "--limit", "60", "--quiet", .. TuneTests.Fixed.Split(' ')];
        Run("tune", ["tune", "--data", classifier.Set, "--output", Folder.File("tuning"), .. fixedOptions]);
        Add("train-gan", generators.Training);
        Run("sample", ["sample", generators.Run, "--grid", grid, "--count", "2"]);
        Run("verify", ["verify", grid, "--model", generators.Run]);
        Run("evaluate, a classifier", ["evaluate", classifier.Run, "--coverage", "0.9"]);
        Run("evaluate, a generator", ["evaluate", generators.Run, "--classifier", classifier.Run, "--limit", "20"]);
        Run("compare", ["compare", classifier.Run, Folder.File("cnn")]);
        Run("predict", ["predict", classifier.Run, image]);
        Run("predict --coverage", ["predict", classifier.Run, image, "--coverage", "0.9"]);
        Run("predict, a file that is no image", ["predict", classifier.Run, image, Folder.File("broken.png")]);
        Run("explain", ["explain", classifier.Run, image, "--output", Folder.File("why.png"), "--random-maps", "2"]);
        Run("sort", ["sort", classifier.Run, photos, "--into", Folder.File("sorted"), "--dry-run"]);
        Run("export", ["export", classifier.Run, "--output", Folder.File("model.onnx")]);
        Run("data list", ["data", "list"]);
        Run("data get", ["data", "get", "digits"]);
        Run("data check, IDX files", ["data", "check", classifier.Set]);
        Run("data check, photos", ["data", "check", photos]);
        Run("data check --labels", ["data", "check", WriteChanged(), "--labels", "--model", classifier.Run]);
        Run("data check --shortcuts", ["data", "check", WriteMany(), "--shortcuts"]);
        Run("data preview", ["data", "preview", classifier.Set, "--output", Folder.File("preview.png")]);
        Run("doctor", ["doctor"]);
        if (Environment.GetEnvironmentVariable("PHOTOML_APPROVE_JSON") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{shapes}");
        }

        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", "json.txt"));
        Assert.Equal(approved, $"{shapes}", ignoreLineEndingDifferences: true);

        void Run(string name, string[] args) => Add(name, Tool.Run([.. args, "--json"]));

        void Add(string name, ToolResult result)
        {
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

    // One label of the test images is wrong.
    private string WriteChanged()
    {
        var set = Bars.WriteSet(Folder.File("changed"));
        var labels = Path.Combine(set, "t10k-labels-idx1-ubyte");
        var bytes = File.ReadAllBytes(labels);
        bytes[^1] = (byte)((bytes[^1] + 1) % Bars.Classes);
        File.WriteAllBytes(labels, bytes);
        return set;
    }

    private string WriteMany()
    {
        for (var i = 0; i < 12; i++)
        {
            Bars.WritePicture(Folder.File($"many/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png"), 64 + (i % 2), 64, canvas =>
            {
                canvas.Clear(SKColors.Gray);
                Bars.DrawRectangle(canvas, 3 + (i * 37 % 41), 5 + (i * 53 % 37), 20, 23, SKColors.White);
            });
        }

        return Folder.File("many");
    }

    // Two photos of each of two classes, one of them a copy.
    private string WritePhotos()
    {
        foreach (var (name, bar) in new[] { ("a/1.png", 0), ("a/2.png", 0), ("b/1.png", 1), ("b/2.png", 3) })
        {
            Bars.WritePng(Folder.File($"photos/{name}"), bar);
        }

        return Folder.File("photos");
    }
}
