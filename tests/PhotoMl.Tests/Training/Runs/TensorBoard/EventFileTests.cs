using System.Text;
using Tensorboard;

namespace PhotoMl.Tests.Training;

public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("events.out.tfevents.1.test");

    [Fact]
    public void A_record_stands_between_its_length_and_its_checksum_both_of_them_masked()
    {
        // Of "123456789", whose CRC-32C is E3069283: rotated right by 15 bits it is 2507C60D, and with A282EAD8 C78AB0E5.
        Assert.Equal(0xC78AB0E5, EventFile.Mask(0xE3069283));
        var frame = EventFile.Frame(Encoding.ASCII.GetBytes("123456789"));

        Assert.Equal(8 + 4 + 9 + 4, frame.Length);
        Assert.Equal([9, 0, 0, 0, 0, 0, 0, 0], frame[..8]);
        Assert.Equal("123456789", Encoding.ASCII.GetString(frame[12..21]));
        Assert.Equal([0xE5, 0xB0, 0x8A, 0xC7], frame[21..]);
    }

    [Fact]
    public void A_file_begins_with_its_version_and_with_the_step_from_which_on_earlier_files_are_void()
    {
        EventFile.Create(FilePath, firstStep: 300);
        var events = EventReader.Read(FilePath);

        Assert.Equal(2, events.Count);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal((300, 1), (events[1].Step, events[1].SessionStatus));
        Assert.All(events, record => Assert.InRange(DateTime.UnixEpoch.AddSeconds(record.WallTime), DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow));
    }

    [Fact]
    public void Steps_are_appended_and_read_back()
    {
        var file = EventFile.Create(FilePath, firstStep: 1);
        file.Append(1, Scalar("loss/train", 0.5f));
        file.Append(2, Scalar("loss/train", float.NaN));
        var events = EventReader.Read(FilePath);

        Assert.Equal([1, 2], events.Skip(2).Select(record => record.Step));
        Assert.Equal([0.5f, float.NaN], events.Skip(2).Select(record => record.Scalars["loss/train"]));
    }

    [Fact]
    public void A_file_cut_anywhere_keeps_every_record_before_the_cut()
    {
        var file = EventFile.Create(FilePath, firstStep: 1);
        file.Append(1, Scalar("a", 1));
        var whole = new FileInfo(FilePath).Length;
        file.Append(2, Scalar("a", 2));
        var bytes = File.ReadAllBytes(FilePath);

        for (var length = whole; length < bytes.Length; length++)
        {
            File.WriteAllBytes(FilePath, bytes[..(int)length]);
            Assert.Equal([1], EventReader.Read(FilePath).Skip(2).Select(record => record.Step));
        }
    }

    [Fact]
    public void What_a_failed_write_left_harms_no_later_record()
    {
        var file = EventFile.Create(FilePath, firstStep: 1);
        file.Append(1, Scalar("a", 1));
        File.AppendAllText(FilePath, new string('x', 500));
        file.Append(2, Scalar("a", 2));

        Assert.Equal([1, 2], EventReader.Read(FilePath).Skip(2).Select(record => record.Step));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_with_the_reason()
    {
        var missing = _folder.File("missing", "events.out.tfevents.1.test");
        var exception = Assert.Throws<OutputException>(() => EventFile.Create(missing, 1));
        Assert.Equal($"{missing}: cannot be written: its folder does not exist", exception.Message);

        File.WriteAllText(FilePath, "another's");
        Assert.Equal(FilePath, Assert.Throws<OutputException>(() => EventFile.Create(FilePath, 1)).Path);
        Assert.Equal("another's", File.ReadAllText(FilePath));
    }

    public void Dispose() => _folder.Dispose();

    private static Summary Scalar(string tag, float value)
    {
        var summary = new Summary();
        summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = value });
        return summary;
    }
}
