namespace PhotoMl.Tests.Training;

public sealed class RunFolderTests : FolderTests
{
    private string RunPath => Folder.File("run");

    [Fact]
    public void A_run_writes_its_model_checkpoint_and_one_row_of_metrics_an_epoch()
    {
        using var data = TrainingRuns.Images(count: 200);
        using var run = RunFolder.Create(RunPath);
        var (weights, result) = TrainingRuns.Train(data, TrainingRuns.Options, run: run);

        var lines = File.ReadAllLines(run.MetricsPath);
        Assert.Equal(
            "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,validation_balanced_accuracy,learning_rate,seconds,"
            + "images_per_second",
            lines[0]);
        Assert.Equal(result.History.Select(MetricsFile.ToRow), lines[1..]);

        using var loaded = ClassifierFile.Load(run.ModelPath);
        Assert.Equal(weights, WeightBytes.Of(loaded.Model));
        Assert.Equal(result.Best.ValidationAccuracy, loaded.Info.Scores.ValidationAccuracy);
        Assert.Equal("synthetic 1", loaded.Info.Training!.Data);
        Assert.Equal(result.Best.Epoch, loaded.Info.Training.Epoch);
        Assert.Equal([".lock", "checkpoint.safetensors", "metrics.csv", "model.safetensors"], EventReader.NamesBeside(RunPath));
    }

    [Fact]
    public void Options_are_written_as_readable_JSON()
    {
        using var run = RunFolder.Create(RunPath);
        run.WriteOptions(new ClassifierTrainingOptions { Epochs = 7 });

        Assert.Contains("\"epochs\": 7", File.ReadAllText(run.OptionsPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_holder_is_refused_until_the_first_lets_go()
    {
        var run = RunFolder.Create(RunPath);
        var exception = Assert.Throws<OutputException>(() => RunFolder.Create(RunPath));

        Assert.Equal($"{RunPath}: cannot be written: another process is training in it", exception.Message);
        run.Dispose();
        RunFolder.Create(RunPath).Dispose();
    }

    [Theory]
    [InlineData("checkpoint.safetensors")]
    [InlineData("model.safetensors")]
    public void A_folder_that_holds_a_run_is_not_begun_anew(string file)
    {
        Directory.CreateDirectory(RunPath);
        File.WriteAllText(Path.Combine(RunPath, file), "precious");

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var exception = Assert.Throws<OutputException>(() => RunFolder.Create(RunPath));
            Assert.Contains("holds a run already", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(Path.Combine(RunPath, file)));
    }

    [Theory]
    [InlineData("split.csv")]
    [InlineData("samples/progress.png")]
    [InlineData("thesis.doc")]
    public void A_folder_that_holds_anything_else_is_left_as_it_is(string file)
    {
        Folder.Write($"run/{file}", [1]);

        Assert.Equal("it is not empty; choose another folder", Assert.Throws<OutputException>(() => RunFolder.Create(RunPath)).Reason);
        Assert.Equal([Folder.File("run", file)], Directory.GetFiles(RunPath, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_deleted_and_nothing_else()
    {
        var half = Folder.Write($"run/.photoml-{Guid.NewGuid():N}.tmp", [1]);
        var held = Folder.Write($"run/.photoml-{Guid.NewGuid():N}.tmp", [1]);
        using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            RunFolder.Create(RunPath).Dispose();
        }

        Assert.Equal((false, true), (File.Exists(half), File.Exists(held)));
    }

    [Fact]
    public void The_photos_that_were_left_out_are_written_by_their_full_paths()
    {
        using var run = RunFolder.Create(RunPath);
        run.WriteSkipped([new ImageFileEntry("photos/1.jpg", "gone")]);
        Assert.Contains($"\"{Path.GetFullPath("photos/1.jpg")}\",\"gone\"", File.ReadAllText(run.SkippedPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_is_no_formula_in_the_list_of_photos_and_keeps_its_name()
    {
        using var run = RunFolder.Create(RunPath);
        string[] classes = ["=1+1", "-", "@a", "'b'", "''", "c, \"d\"\n", " e ", "'=f"];
        run.WriteSplit(classes.Select((name, i) => ($"{i}.jpg", name, 1u, "train")));
        Assert.Equal(classes, run.ReadPhotos()!.Values.Select(photo => photo.Class));
        Assert.Contains(",\"'=1+1\",1,train", File.ReadAllText(run.SplitPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_below_a_file_cannot_be_written_and_is_named()
    {
        File.WriteAllText(Folder.File("file"), "");
        var path = Folder.File(Path.Combine("file", "run"));
        var exception = Assert.Throws<OutputException>(() => RunFolder.Create(path));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_folder_where_nothing_can_be_created_is_named()
    {
        // Holds for the superuser as well, whom permissions do not stop.
        var path = OperatingSystem.IsLinux() ? "/proc/photoml-run" : Folder.File("\0");
        Assert.ThrowsAny<Exception>(() => Directory.CreateDirectory(path));
        Assert.StartsWith(path, Assert.Throws<OutputException>(() => RunFolder.Create(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_checkpoint_is_no_run_to_take_up()
    {
        ExceptionAssert.Throws<InvalidModelException>("no such folder", () => RunFolder.Open(RunPath));
        Directory.CreateDirectory(RunPath);
        ExceptionAssert.Throws<InvalidModelException>("none in it", () => RunFolder.Open(RunPath));
        Assert.Empty(Directory.GetFiles(RunPath));
    }

    [Fact]
    public void A_run_that_was_stopped_before_its_first_checkpoint_can_be_started_again_in_its_folder()
    {
        using (var run = RunFolder.Create(RunPath))
        {
            run.WriteOptions(new ClassifierTrainingOptions());
            run.WriteSplit([("a.jpg", "a", 1, "train")]);
            run.WriteSkipped([new ImageFileEntry("c.jpg", "gone")]);
        }

        ExceptionAssert.Throws<InvalidModelException>("stopped before its first one; start it again", () => RunFolder.Open(RunPath));
        using var again = RunFolder.Create(RunPath);
        Assert.Equal([".lock"], Directory.GetFiles(RunPath).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_any_more_ends_the_run_with_its_path()
    {
        using var data = TrainingRuns.Images(count: 100);
        using var run = RunFolder.Create(RunPath);
        Directory.CreateDirectory(run.MetricsPath);
        var exception = Assert.Throws<OutputException>(() => TrainingRuns.Train(data, TrainingRuns.Options, run: run));

        Assert.Equal(run.MetricsPath, exception.Path);
    }
}
