using Google.Protobuf;

namespace PhotoMl.Tests.Training;

/// <summary>Reads event files as a reader that was written from the format alone would: every length, checksum, field and wire type must be
/// as it says.</summary>
internal sealed record EventReader(
    double WallTime, long Step, string? Version, long? SessionStatus, Dictionary<string, float> Scalars,
    Dictionary<string, EventImage> Images)
{
    /// <summary>Reads a file's records; one at the end that is cut short is left out, and anything else that is not right fails the
    /// test.</summary>
    public static List<EventReader> Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        var events = new List<EventReader>();
        while (bytes.Length >= 12)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            Assert.Equal(Masked(bytes[..8]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
            Assert.InRange(length, 0, int.MaxValue);
            if (bytes.Length < 12 + length + 4)
            {
                break;
            }

            var record = bytes.Slice(12, (int)length);
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(12 + (int)length)..]));
            events.Add(ToEvent(record.ToArray()));
            bytes = bytes[(12 + (int)length + 4)..];
        }

        return events;
    }

    /// <summary>All events of a folder that TensorBoard would show: its files in order of their names, each START event making void what
    /// was said before of its step and later ones.</summary>
    public static List<EventReader> ReadFolder(string folder)
    {
        var shown = new List<EventReader>();
        foreach (var path in Directory.GetFiles(folder, "*tfevents*").Order(StringComparer.Ordinal))
        {
            foreach (var record in Read(path))
            {
                if (record.SessionStatus == 1)
                {
                    shown.RemoveAll(earlier => earlier.Step >= record.Step);
                }

                shown.Add(record);
            }
        }

        return [.. shown.Where(record => record.Scalars.Count > 0)];
    }

    /// <summary>The names of a run folder's files but that of its one event file.</summary>
    public static string[] NamesBeside(string folder)
    {
        var names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!);
        var files = names.ToLookup(name => name.Contains("tfevents", StringComparison.Ordinal));
        Assert.Single(files[true]);
        return [.. files[false].Order(StringComparer.Ordinal)];
    }

    // ((crc >> 15) | (crc << 17)) + 0xa282ead8, as TensorFlow's documentation has it.
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32CTests.BitByBit(bytes);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8u);
    }

    private static EventReader ToEvent(byte[] record)
    {
        var fields = Fields(record);
        var (version, session) = (Find(fields, 3, wireType: 2), Find(fields, 7, wireType: 2));
        var values = Fields(Find(fields, 5, wireType: 2)?.Bytes ?? []).Select(field => Fields(field.Bytes)).ToList();
        var (scalars, images) = (values.Where(value => Has(value, 2)), values.Where(value => Has(value, 4)));
        return new EventReader(
            BitConverter.Int64BitsToDouble((long)Find(fields, 1, wireType: 1)!.Value),
            (long)(Find(fields, 2, wireType: 0)?.Value ?? 0),
            version is null ? null : Encoding.UTF8.GetString(version.Bytes),
            session is null ? null : (long)Find(Fields(session.Bytes), 1, wireType: 0)!.Value,
            scalars.ToDictionary(Tag, value => BitConverter.UInt32BitsToSingle((uint)Find(value, 2, wireType: 5)!.Value)),
            images.ToDictionary(Tag, value => ToImage(Fields(Find(value, 4, wireType: 2)!.Bytes))));
    }

    private static bool Has(List<Field> message, int number) => message.Exists(field => field.Number == number);

    private static Field? Find(List<Field> message, int number, int wireType) =>
        message.SingleOrDefault(field => field.Number == number && field.WireType == wireType);

    private static string Tag(List<Field> value) => Encoding.UTF8.GetString(Find(value, 1, wireType: 2)!.Bytes);

    private static EventImage ToImage(List<Field> image) => new(
        (int)image.Single(field => field.Number == 1).Value,
        (int)image.Single(field => field.Number == 2).Value,
        (int)image.Single(field => field.Number == 3).Value,
        image.Single(field => field is { Number: 4, WireType: 2 }).Bytes);

    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var key and not 0)
        {
            var bytes = (key & 7) == 2 ? input.ReadBytes().ToByteArray() : [];
            var value = (key & 7) switch
            {
                0 => input.ReadUInt64(),
                1 => input.ReadFixed64(),
                5 => input.ReadFixed32(),
                2 => 0UL,
                var type => throw new FormatException($"wire type {type}"),
            };
            fields.Add(new Field((int)(key >> 3), (int)(key & 7), value, bytes));
        }

        return fields;
    }

    private sealed record Field(int Number, int WireType, ulong Value, byte[] Bytes);
}

/// <summary>A picture in an event file.</summary>
internal sealed record EventImage(int Height, int Width, int Colorspace, byte[] Encoded);
