module github.com/usher-dev/usher

go 1.26
