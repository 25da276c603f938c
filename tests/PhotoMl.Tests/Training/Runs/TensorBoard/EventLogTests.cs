namespace PhotoMl.Tests.Training;

public sealed class EventLogTests : FolderTests
{
    private string RunPath => Folder.File("run");

    private string EventPath => Assert.Single(Directory.GetFiles(RunPath, "*tfevents*"));

    [Fact]
    public void A_record_stands_between_its_length_and_its_checksum_both_of_them_masked()
    {
        // Of "123456789", whose CRC-32C is E3069283: rotated right by 15 bits it is 2507C60D, and with A282EAD8 C78AB0E5.
        Assert.Equal(0xC78AB0E5, EventLog.Mask(0xE3069283));
        var frame = EventLog.Frame(Encoding.ASCII.GetBytes("123456789"));

        Assert.Equal(8 + 4 + 9 + 4, frame.Length);
        Assert.Equal([9, 0, 0, 0, 0, 0, 0, 0], frame[..8]);
        Assert.Equal("123456789", Encoding.ASCII.GetString(frame[12..21]));
        Assert.Equal([0xE5, 0xB0, 0x8A, 0xC7], frame[21..]);
    }

    [Fact]
    public void A_file_begins_with_its_version_and_with_the_step_from_which_on_earlier_files_are_void()
    {
        using var run = RunFolder.Create(RunPath);
        new EventLog(run).Write([TrainingRuns.Report(300)]);
        var events = EventReader.Read(EventPath);

        Assert.Equal(3, events.Count);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((300, 1), (events[1].Step, events[1].SessionStatus));
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        Assert.All(events, record => Assert.InRange(record.WallTime, now - 60, now));
    }

    [Fact]
    public void A_file_cut_anywhere_keeps_every_record_before_the_cut_and_what_a_failed_write_left_harms_no_later_one()
    {
        using var run = RunFolder.Create(RunPath);
        var log = new EventLog(run);
        var epochs = Enumerable.Range(1, 2).Select(epoch => TrainingRuns.Report(epoch, 1.0 / epoch)).ToArray();
        log.Write(epochs[..1]);
        var whole = new FileInfo(EventPath).Length;
        File.AppendAllText(EventPath, new string('x', 500));
        log.Write(epochs);
        AssertShown(epochs);
        var bytes = File.ReadAllBytes(EventPath);
        for (var length = whole; length < bytes.Length; length++)
        {
            File.WriteAllBytes(EventPath, bytes[..(int)length]);
            AssertShown(epochs[..1]);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_with_the_reason()
    {
        using var run = RunFolder.Create(RunPath);
        var log = new EventLog(run);
        log.Write([TrainingRuns.Report(1)]);
        var path = EventPath;
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(path, Assert.Throws<OutputException>(() => log.Write([TrainingRuns.Report(1), TrainingRuns.Report(2)])).Path);
    }

    [Fact]
    public void Every_column_of_a_classifiers_metrics_becomes_a_figure_over_the_epochs()
    {
        using var data = TrainingRuns.Images(count: 200);
        using var run = RunFolder.Create(RunPath);
        var history = TrainingRuns.Train(data, TrainingRuns.Options, run: run).Result.History;
        var events = EventReader.ReadFolder(RunPath);

        Assert.Equal([1, 2, 3], events.Select(record => record.Step));
        Assert.All(events.Zip(history), pair =>
        {
            var (record, epoch) = pair;
            var expected = new Dictionary<string, float>
            {
                ["loss/train"] = (float)epoch.TrainLoss,
                ["loss/validation"] = (float)epoch.ValidationLoss,
                ["accuracy/train"] = (float)epoch.TrainAccuracy,
                ["accuracy/validation"] = (float)epoch.ValidationAccuracy,
                ["balanced_accuracy/validation"] = (float)epoch.ValidationBalancedAccuracy!,
                ["learning_rate"] = (float)epoch.LearningRate,
                ["seconds"] = (float)epoch.Seconds,
                ["images_per_second"] = (float)epoch.ImagesPerSecond,
            };
            Assert.Equal(expected.OrderBy(figure => figure.Key), record.Scalars.OrderBy(figure => figure.Key));
            Assert.Empty(record.Images);
        });
        Assert.Equal(((IEpochReport)history[0]).Columns.Count - 1, events[0].Scalars.Count); // the epoch is the step
        var file = new FileInfo(Assert.Single(Directory.GetFiles(RunPath, "*tfevents*")));
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\.photoml\.\d+\.0$", file.Name);
        Assert.InRange(file.Length, 1, 3 * 512);
    }

    [Fact]
    public void A_generators_events_have_its_figures_and_the_very_file_of_each_epochs_samples()
    {
        using var data = GanRuns.Images(channels: 3);
        using var run = RunFolder.Create(RunPath);
        var history = GanRuns.Train(data, GanRuns.Options, GanRuns.Network with { Channels = 3 }, run).Result.History;
        var events = EventReader.ReadFolder(RunPath);

        Assert.Equal([1, 2], events.Select(record => record.Step));
        Assert.All(events.Zip(history), pair =>
        {
            var (record, epoch) = pair;
            Assert.Equal((float)epoch.DiscriminatorLoss, record.Scalars["loss/discriminator"]);
            Assert.Equal((float)epoch.GeneratorLoss, record.Scalars["loss/generator"]);
            Assert.Equal((float)epoch.RealScore, record.Scalars["score/real"]);
            Assert.Equal((float)epoch.GeneratedScore, record.Scalars["score/generated"]);
            Assert.Equal((float)epoch.Diversity, record.Scalars["health/diversity"]);
            Assert.Equal(epoch.IsCollapsed ? 0 : 1, record.Scalars["health/healthy"]);
            Assert.DoesNotContain("health/class_entropy", record.Scalars.Keys);
            var picture = record.Images["samples"];
            Assert.Equal(File.ReadAllBytes(run.SampleGridPath(epoch.Epoch)), picture.Encoded);
            var decoded = ImageFile.Decode(run.SampleGridPath(epoch.Epoch));
            Assert.Equal((decoded.Height, decoded.Width, 3), (picture.Height, picture.Width, picture.Colorspace));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void After_a_kill_each_epoch_is_shown_once_and_as_the_metrics_have_it(int killAfter)
    {
        using var data = TrainingRuns.Images(count: 120);
        TrainUntil(data, killAfter);
        using var run = RunFolder.Open(RunPath);
        using var cnn = new Cnn(run);
        AssertShown(cnn.Fit(data, run).Result.History);
    }

    [Fact]
    public void Events_of_an_epoch_whose_checkpoint_was_lost_make_way_for_those_of_the_epoch_run_again()
    {
        using var run = RunFolder.Create(RunPath);
        var epochs = Enumerable.Range(1, 4).Select(epoch => TrainingRuns.Report(epoch, 1.0 / epoch)).ToArray();
        var first = new EventLog(run);
        first.Write(epochs[..2]);
        first.Write(epochs[..3]);

        // The process dies here, before the checkpoint of the third epoch.
        var again = epochs[2] with { TrainLoss = 7 };
        new EventLog(run).Write([.. epochs[..2], again]);

        AssertShown([.. epochs[..2], again]);
        Assert.Equal(2, Directory.GetFiles(RunPath, "*tfevents*").Length);
    }

    [Fact]
    public void A_run_that_was_begun_without_events_has_those_of_all_its_epochs_when_it_goes_on()
    {
        using var data = TrainingRuns.Images(count: 120);
        TrainUntil(data, steps: 7);
        foreach (var path in Directory.GetFiles(RunPath, "*tfevents*"))
        {
            File.Delete(path);
        }

        using var run = RunFolder.Open(RunPath);
        using var cnn = new Cnn(run);
        AssertShown(cnn.Fit(data, run).Result.History);
    }

    [Fact]
    public void A_file_that_somebody_deletes_under_way_is_written_anew()
    {
        using var run = RunFolder.Create(RunPath);
        var epochs = Enumerable.Range(1, 3).Select(epoch => TrainingRuns.Report(epoch, 1.0 / epoch)).ToArray();
        var log = new EventLog(run);
        log.Write(epochs[..2]);
        File.Delete(Directory.GetFiles(RunPath, "*tfevents*").Single());
        log.Write(epochs);

        AssertShown(epochs);
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_put_a_later_file_first()
    {
        using var run = RunFolder.Create(RunPath);
        var epoch = TrainingRuns.Report(1);
        File.WriteAllText(Path.Combine(RunPath, "events.out.tfevents.4000000000.photoml.1.0"), "");
        new EventLog(run).Write([epoch]);

        var last = Directory.GetFiles(RunPath, "*tfevents*").Order(StringComparer.Ordinal).Last();
        Assert.StartsWith("events.out.tfevents.4000000001.", Path.GetFileName(last), StringComparison.Ordinal);
    }

    // Two steps an epoch, each with a report, and a third one at the end of the epoch.
    private void TrainUntil(ImageDataset data, int steps)
    {
        using var run = RunFolder.Create(RunPath);
        var done = 0;
        Assert.Throws<InvalidOperationException>(() => TrainingRuns.Train(
            data, TrainingRuns.Options, _ => done = done < steps ? done + 1 : throw new InvalidOperationException(), run));
    }

    private void AssertShown(IReadOnlyList<EpochReport> history)
    {
        var events = EventReader.ReadFolder(RunPath);
        Assert.Equal(history.Select(epoch => (long)epoch.Epoch), events.Select(record => record.Step));
        Assert.Equal(history.Select(epoch => (float)epoch.TrainLoss), events.Select(record => record.Scalars["loss/train"]));
    }
}
