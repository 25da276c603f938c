namespace PhotoMl.Tests.Data;

public sealed class PhotoCsvTests : FolderTests
{
    [Fact]
    public void A_list_gives_photos_in_its_order_with_classes_in_ordinal_order()
    {
        Touch("b.jpg", "in/a.jpg");
        var list = Open("in/a.jpg,dog\nb.jpg,cat\n");

        Assert.Equal(["cat", "dog"], list.ClassNames);
        Assert.Equal([Folder.File("in/a.jpg"), Folder.File("b.jpg")], list.Photos.Select(photo => photo.Path));
        Assert.Equal([1, 0], list.Photos.Select(photo => photo.Label));
        Assert.All(list.Photos, photo => Assert.Equal(DatasetSplits.None, photo.Split));
        Assert.Empty(list.Problems);
    }

    [Theory]
    [InlineData("path,label\na.jpg,cat")]
    [InlineData("\uFEFFpath,label,split\r\na.jpg,cat,\r\n")]
    [InlineData("Filename , Class\n\n\n\"a.jpg\", cat\n\n")]
    [InlineData("   \r\na.jpg,\"cat\"\r")]
    public void Headers_marks_blank_lines_and_any_line_end_make_no_difference(string text)
    {
        Touch("a.jpg");
        var list = Open(text);

        Assert.Equal(["cat"], list.ClassNames);
        Assert.Equal(Folder.File("a.jpg"), Assert.Single(list.Photos).Path);
    }

    [Fact]
    public void Splits_are_read_and_what_has_none_beside_them_is_for_training()
    {
        Touch("1", "2", "3", "4");
        var list = Open("1,a,val\n2,a,TEST\n3,a,train\n4,a\n");

        Assert.Equal(["Validation", "Test", "Train", "Train"], list.Photos.Select(photo => $"{photo.Split}"));
    }

    [Theory]
    [InlineData("a.jpg,cat\nb.jpg\n", "line 2: expected path,label or path,label,split, but found 1 field: b.jpg.")]
    [InlineData("a.jpg,cat\n\n\"x\ny\",cat\n1,2,x,4", "line 5: expected path,label or path,label,split, but found 4 fields: 1, 2, x, 4.")]
    [InlineData("a.jpg,cat,tset", "line 1: expected train, validation or test for the split, but found tset.")]
    [InlineData("a.jpg,\" \"", "line 1: expected path,label or path,label,split, but found no label.")]
    [InlineData("a.jpg,cat\n,cat", "line 2: expected path,label or path,label,split, but found no path.")]
    [InlineData("a.jpg,cat\n\"b,cat\nc\n", "line 2: expected a quote at the end of each quoted field, but found the end of the file.")]
    [InlineData("\"a\".jpg,cat", "line 1: expected a comma or the end of the line behind a quoted field, but found something else.")]
    public void A_line_that_is_none_is_named(string text, string expected)
    {
        Touch("a.jpg");

        Assert.Equal($"{Folder.File("list.csv")}, {expected}", Refusal(() => Open(text)));
    }

    [Theory]
    [InlineData("./a.jpg")]
    [InlineData("sub/../a.jpg")]
    [InlineData("link/a.jpg")]
    [InlineData("link.jpg")]
    public void A_photo_is_one_photo_however_it_is_spelt(string other)
    {
        Touch("a.jpg");
        Directory.CreateDirectory(Folder.File("sub"));
        Directory.CreateSymbolicLink(Folder.File("link"), ".");
        File.CreateSymbolicLink(Folder.File("link.jpg"), "a.jpg");
        var list = Open($"a.jpg,cat,train\n{other},dog,test\n");

        Assert.Equal("cat", Assert.Single(list.ClassNames));
        Assert.Equal("line 2 lists it again as dog; that of line 1 as cat counts", Assert.Single(list.Problems).Problem);
    }

    [Fact]
    public void What_is_missing_or_listed_twice_is_a_problem_but_no_failure()
    {
        Touch("a.jpg");
        ImageFileEntry[] expected =
        [
            new(Folder.File("b.jpg"), "there is no such file, though line 2 lists it"),
            new(Folder.File("a.jpg"), "line 3 lists it again as dog; that of line 1 as cat counts"),
            new(Folder.File("a.jpg"), "line 4 lists it again; that of line 1 as cat counts"),
        ];
        Assert.Equal(expected, Open("a.jpg,cat\nb.jpg,cat\na.jpg,dog\na.jpg,cat\n").Problems);
    }

    [Fact]
    public void A_list_of_nothing_is_refused()
    {
        Assert.Contains("an empty list", Refusal(() => Open("path,label\n")), StringComparison.Ordinal);
        Assert.Contains("no photo that is there", Refusal(() => Open("a,b\n")), StringComparison.Ordinal);
        Assert.Contains("no such file", Refusal(() => PhotoCsv.Open(Folder.File("none.csv"))), StringComparison.Ordinal);
        Assert.Contains("a folder", Refusal(() => PhotoCsv.Open(Folder.Path)), StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public void Whatever_is_quoted_is_read_again_with_its_line(string?[][] records)
    {
        var expected = records.Select(record => record.Select(field => field ?? "").ToArray())
            .Where(record => record.Length > 0 && (record.Length > 1 || !string.IsNullOrWhiteSpace(record[0]))).ToList();
        var text = string.Concat(expected.Select(record => string.Join(',', record.Select(Quote)) + "\n"));
        var read = new CsvReader(new StringReader(text), "list").Read().ToList();

        Assert.Equal(expected, read.Select(record => record.Fields.ToArray()));
        var line = 1;
        foreach (var (record, fields) in read)
        {
            Assert.Equal(line, record);
            line += 1 + fields.Sum(field => field.Count(character => character == '\n'));
        }

        static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [Property(MaxTest = 300)]
    public void Any_text_is_read_or_refused(string? text)
    {
        var exception = Record.Exception(() => new CsvReader(new StringReader(text ?? ""), "list").Read().ToList());
        Assert.True(exception is null or InvalidDatasetException, exception?.ToString());
    }

    private static string Refusal(Action open) => Assert.Throws<InvalidDatasetException>(open).Message;

    private PhotoList Open(string text)
    {
        File.WriteAllText(Folder.File("list.csv"), text);
        return PhotoCsv.Open(Folder.File("list.csv"));
    }

    private void Touch(params string[] names) => Array.ForEach(names, name => Folder.Write(name, []));
}
